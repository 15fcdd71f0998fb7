// The SQL of writes whose shape is known.
//
//   table, rows ─▶ one statement with one parameter: the rows as JSON
//
// The server turns each JSON value into its column's type, so arrays and documents arrive as what
// they are, and the number of rows does not change the text. Identifiers have passed the schema.

import type { z } from 'zod'
import type { InsertInput, UpsertInput } from './schema.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

export function renderInsert({ table, rows }: z.output<typeof InsertInput>): Statement {
  const columns = Object.keys(rows[0] ?? {})
  return { text: insertInto(table, columns), values: [JSON.stringify(rows)] }
}

export function renderUpsert({ table, key, row }: z.output<typeof UpsertInput>): Statement {
  const columns = Object.keys(row)
  const changes = columns
    .filter((column) => !key.includes(column))
    .map((column) => `${quote(column)} = excluded.${quote(column)}`)
  const action = changes.length === 0 ? 'do nothing' : `do update set ${changes.join(', ')}`
  const text = `${insertInto(table, columns)} on conflict (${list(key)}) ${action}`
  return { text, values: [JSON.stringify([row])] }
}

function insertInto(table: string, columns: readonly string[]): string {
  const name = tableName(table)
  const rows = `json_populate_recordset(null::${name}, $1::json)`
  return `insert into ${name} (${list(columns)}) select ${list(columns)} from ${rows}`
}

export const tableName = (table: string): string => table.split('.').map(quote).join('.')

const list = (names: readonly string[]): string => names.map(quote).join(', ')

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
