// The SQL of writes whose shape is known. Identifiers have passed the schema; values are prepared.

import type { Json } from '@bookend/contract'
import type { Statement } from './session.ts'

type NewRow = Readonly<Record<string, Json>>

/** @param instants Columns that hold a time: ISO 8601 is not what they read. */
export function renderInsert(
  table: string,
  rows: readonly NewRow[],
  instants: ReadonlySet<string> = new Set(),
): Statement {
  const columns = Object.keys(rows[0] ?? {})
  const places = `(${columns.map(() => '?').join(', ')})`
  return {
    text: `insert into ${tableName(table)} (${columns.map(quote).join(', ')}) values ${rows
      .map(() => places)
      .join(', ')}`,
    values: rows.flatMap((row) =>
      columns.map((name) => {
        const value = row[name] ?? null
        return toValue(instants.has(name) ? asStoredTime(value) : value)
      }),
    ),
  }
}

/** Whatever unique key it meets is the one that counts. */
export function renderUpsert(
  table: string,
  key: readonly string[],
  row: NewRow,
  instants?: ReadonlySet<string>,
): Statement {
  const { text, values } = renderInsert(table, [row], instants)
  const own = Object.keys(row).filter((column) => !key.includes(column))
  const changed = own.length === 0 ? key.slice(0, 1) : own
  const changes = changed.map((column) => `${quote(column)} = values(${quote(column)})`)
  return { text: `${text} on duplicate key update ${changes.join(', ')}`, values }
}

/** What a prepared statement takes. */
export const toValue = (value: Json): string | number | boolean | null =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

const asStoredTime = (value: Json): Json =>
  typeof value === 'string' && INSTANT.test(value)
    ? new Date(value).toISOString().replace('T', ' ').replace('Z', '')
    : value

export const quote = (name: string): string => `\`${name}\``
export const tableName = (table: string): string => table.split('.').map(quote).join('.')
