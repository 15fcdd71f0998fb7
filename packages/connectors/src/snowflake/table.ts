// Tables: what columns there are, and more of them.
//
// T1. A name means what it means without quotes in Snowflake: its upper case.

import type { Column, ColumnType } from '../analytics/columns.ts'
import { textBinding } from './bind.ts'
import type { Context } from './rest.ts'
import { run } from './statement.ts'

const COLUMNS_MAX = 1_000

const SQL_TYPE = {
  text: 'varchar',
  integer: 'number(38,0)',
  number: 'float',
  boolean: 'boolean',
  instant: 'timestamp_tz',
  json: 'variant',
} as const satisfies Record<ColumnType, string>

interface TableColumn {
  readonly type: ColumnType | null
  /** An expression of a text; null: no text becomes such a value. */
  readonly cast: string | null
}

export type Columns = ReadonlyMap<string, TableColumn>

export const quote = (name: string): string => `"${name.toUpperCase()}"`
export const quoteTable = (table: string): string => table.split('.').map(quote).join('.')

/** By their names in lower case; empty where there is no table. */
export async function columnsOf(ctx: Context, table: string): Promise<Columns> {
  const [name = '', schema = ctx.settings.schema] = table.split('.').toReversed()
  const rows = await run(ctx, {
    effect: 'read',
    text: `select column_name as "NAME", data_type as "TYPE", numeric_precision as "DIGITS",
      numeric_scale as "SCALE" from information_schema.columns
      where table_schema = ? and table_name = ?`,
    bindings: [schema, name].map((own) => textBinding(own.toUpperCase())),
    limit: COLUMNS_MAX,
  })
  return new Map(
    rows.map((row) => [
      (row['name'] as string).toLowerCase(),
      readColumn(row['type'] as string, Number(row['digits'] ?? 38), Number(row['scale'] ?? 0)),
    ]),
  )
}

function readColumn(type: string, digits: number, scale: number): TableColumn {
  switch (type) {
    case 'TEXT':
      return { type: 'text', cast: 'cast(? as varchar)' }
    case 'NUMBER':
      return {
        type: scale === 0 ? 'integer' : 'number',
        cast: `cast(? as number(${digits},${scale}))`,
      }
    case 'FLOAT':
      return { type: 'number', cast: 'cast(? as float)' }
    case 'BOOLEAN':
      return { type: 'boolean', cast: 'cast(? as boolean)' }
    case 'DATE':
    case 'TIME':
      return { type: null, cast: `cast(? as ${type.toLowerCase()})` }
    case 'TIMESTAMP_TZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_NTZ':
      return { type: 'instant', cast: `cast(? as ${type.toLowerCase()})` }
    case 'VARIANT':
      return { type: 'json', cast: 'parse_json(?)' }
    case 'OBJECT':
    case 'ARRAY':
      return { type: null, cast: `to_${type.toLowerCase()}(parse_json(?))` }
    default:
      return { type: null, cast: null }
  }
}

export async function changeTable(
  ctx: Context,
  table: string,
  add: readonly Column[],
  isNew: boolean,
): Promise<void> {
  const columns = add.map(({ name, type }) => `${quote(name)} ${SQL_TYPE[type]}`).join(', ')
  const text = isNew
    ? `create table if not exists ${quoteTable(table)} (${columns})`
    : `alter table ${quoteTable(table)} add column ${columns}`
  await run(ctx, { effect: 'write', text, bindings: [], limit: 1 })
}
