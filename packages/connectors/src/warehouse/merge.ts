// One row into a table that may have it already, as one statement: there is no key that a warehouse
// would hold to.

export interface MergeColumn {
  /** As the statement writes the name. */
  readonly name: string
  /** An expression of its parameter. */
  readonly value: string
  readonly isKey: boolean
}

/** @param table As the statement writes it. */
export function renderMerge(table: string, columns: readonly MergeColumn[]): string {
  const keys = columns.filter(({ isKey }) => isKey)
  const others = columns.filter(({ isKey }) => !isKey)
  const names = columns.map(({ name }) => name)
  const update = others.map(({ name }) => `${name} = s.${name}`).join(', ')
  return [
    `merge into ${table} as t`,
    `using (select ${columns.map(({ name, value }) => `${value} as ${name}`).join(', ')}) as s`,
    `on ${keys.map(({ name }) => `t.${name} = s.${name}`).join(' and ')}`,
    ...(others.length === 0 ? [] : [`when matched then update set ${update}`]),
    `when not matched then insert (${names.join(', ')})`,
    `values (${names.map((name) => `s.${name}`).join(', ')})`,
  ].join('\n')
}
