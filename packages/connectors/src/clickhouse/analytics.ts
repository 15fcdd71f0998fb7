// A row for each call, in a table that keeps the newest of each.
//
//   the table's columns ─▶ create or alter, where something is missing ─▶ insert
//
// A1. A repeat adds a row with the same `call_id`; the table drops the older one, and a read with
//     `final` sees one row at any time.
// A2. Who finds that another added the column goes on: there is no lock to hold.
// A3. The newest row is the whole of it: what it does not know is null.

import { action } from '@bookend/core'
import { CALL_COLUMNS, isFixed, type Column, type ColumnType } from '../analytics/columns.ts'
import { evolveTable, type Table } from '../analytics/evolve-table.ts'
import { flattenCall } from '../analytics/flatten-call.ts'
import { AnalyticsWritten, previewOf } from '../analytics/input.ts'
import { WRITE_MS, insert, quote, select, tableName } from './actions.ts'
import { ask, type Context } from './ask.ts'
import { AnalyticsInput } from './schema.ts'

const COLUMNS_READ_MAX = 1_000

/** A document is text, and a truth a small number: servers of every age know these. */
const SQL_TYPE = {
  text: 'Nullable(String)',
  integer: 'Nullable(Int64)',
  number: 'Nullable(Float64)',
  boolean: 'Nullable(UInt8)',
  instant: "Nullable(DateTime('UTC'))",
  json: 'Nullable(String)',
} as const satisfies Record<ColumnType, string>

export const analyticsWrite = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: AnalyticsInput,
  output: AnalyticsWritten,
  timeoutMs: WRITE_MS,
  preview: previewOf,
  run: async (ctx: Context, { call, leave_out: leaveOut, table, evolve }) => {
    const {
      row,
      unfit,
      added,
      table: there,
    } = await evolveTable({
      flat: flattenCall(call, { now: ctx.now(), leaveOut }),
      evolve,
      columns: () => columnsOf(ctx, table),
      change: (add, isNew) => change(ctx, table, add, isNew),
    })
    // The table's own column, which no model knows: the later of two rows has the higher one.
    const version = there.has('version') ? { version: ctx.now().getTime() } : {}
    await insert(ctx, table, [{ ...asStored(row), ...version }])
    return { call_id: call.uuid, columns_added: [...added], unfit: [...unfit] }
  },
})

async function columnsOf(ctx: Context, table: string): Promise<Table> {
  const [name = '', database = ctx.settings.database] = table.split('.').toReversed()
  // Both have passed the schema: they are letters, digits and _.
  const sql = `select name, type from system.columns
    where database = '${database}' and table = '${name}'`
  const rows = await select(ctx, sql, {}, COLUMNS_READ_MAX)
  return new Map(rows.map((row) => [row['name'] as string, modelType(row['type'] as string)]))
}

function modelType(type: string): ColumnType | null {
  const plain = /^(?:LowCardinality\()?(?:Nullable\()?([A-Za-z]+)/.exec(type)?.[1] ?? ''
  if (plain === 'String' || plain === 'FixedString') return 'text'
  if (plain === 'DateTime') return 'instant'
  if (plain === 'Bool' || type.includes('UInt8')) return 'boolean'
  if (/^U?Int$/.test(plain)) return 'integer'
  return plain === 'Float' || plain === 'Decimal' ? 'number' : null
}

async function change(
  ctx: Context,
  table: string,
  add: readonly Column[],
  isNew: boolean,
): Promise<void> {
  const others = add.filter(({ name }) => name !== 'call_id')
  const columns = others.map(({ name, type }) => `${quote(name)} ${SQL_TYPE[type]}`)
  const sql = isNew
    ? `create table ${tableName(table)} (call_id String, version UInt64, ${columns.join(', ')})
       engine = ReplacingMergeTree(version) order by call_id`
    : `alter table ${tableName(table)} ${columns.map((column) => `add column ${column}`).join(', ')}`
  await ask(ctx, { effect: 'write', body: sql, timeoutMs: WRITE_MS })
}

type Stored = Parameters<typeof insert>[2][number]

function asStored(row: Stored): Stored {
  const entries = Object.entries(row).map(([name, value]) => {
    if (typeof value === 'object' && value !== null) return [name, JSON.stringify(value)] as const
    if (typeof value === 'boolean') return [name, value ? 1 : 0] as const
    // Servers whose instants are seconds do not read a fraction.
    const isInstant = isFixed(name) && CALL_COLUMNS[name] === 'instant'
    return [name, isInstant && value !== null ? `${value}`.replace(/\.\d+Z$/, 'Z') : value] as const
  })
  return Object.fromEntries(entries)
}
