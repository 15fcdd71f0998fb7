import type { Json } from '@bookend/contract'
import { ConnectorFault } from '@bookend/core'
import { renderMerge } from '../warehouse/merge.ts'
import { run } from './query.ts'
import { quoteTable, type Context, type TableName } from './rest.ts'

export interface Merge {
  readonly table: TableName
  readonly key: readonly string[]
  readonly row: Readonly<Record<string, Json>>
  readonly casts: ReadonlyMap<string, string | null>
}

/** Each value is a text that the statement casts: so `null` has its column's type. */
export async function mergeRow(ctx: Context, { table, key, row, casts }: Merge): Promise<void> {
  const columns = Object.entries(row).map(([name, value], at) => {
    const cast = casts.get(name)
    if (cast === undefined) throw noSuchColumn()
    if (cast === null) {
      throw new ConnectorFault({ kind: 'refused', detail: 'column_of_another_type' })
    }
    const param = `p${at}`
    return {
      name: `\`${name}\``,
      value: cast === 'json' ? `parse_json(@${param})` : `cast(@${param} as ${cast})`,
      isKey: key.includes(name),
      param: [param, textOf(value, cast)] as const,
    }
  })
  if (!key.every((name) => Object.hasOwn(row, name))) throw noSuchColumn()
  await run(ctx, {
    effect: 'write',
    sql: renderMerge(quoteTable(ctx, table), columns),
    params: Object.fromEntries(columns.map(({ param }) => param)),
    limit: 1,
  })
}

const noSuchColumn = (): ConnectorFault =>
  new ConnectorFault({ kind: 'refused', detail: 'no_such_column' })

function textOf(value: Json, cast: string): string | null {
  if (value === null) return null
  return cast === 'json' || typeof value === 'object' ? JSON.stringify(value) : String(value)
}
