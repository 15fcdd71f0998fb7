// A row for each call, for those who ask questions of a thousand of them.
//
//   the table's columns ─▶ create or alter, where something is missing ─▶ upsert
//
// A1. One row for a call, whoever writes it and how often: `call_id` is the primary key.
// A2. Changes of a table are statements of their own here, so a write that is cut may leave new
//     columns behind, and never half a row.
// A3. What a later write does not know stays as it was.

import { action } from '@bookend/core'
import type { Column, ColumnType } from '../analytics/columns.ts'
import { evolveTable } from '../analytics/evolve-table.ts'
import { fitRow } from '../analytics/fit-row.ts'
import { flattenCall } from '../analytics/flatten-call.ts'
import { AnalyticsWritten, previewOf } from '../analytics/input.ts'
import { WRITE_MS, write } from './actions.ts'
import { columnsOf, isTime, type TableColumn } from './columns.ts'
import { AnalyticsInput } from './schema.ts'
import type { Context } from './session.ts'
import { quote, renderUpsert, tableName } from './statements.ts'

const KEY = ['call_id']
/** A row of InnoDB has room for the beginnings of so many texts. */
const COLUMNS_MAX = 180

const SQL_TYPE = {
  text: 'mediumtext',
  integer: 'bigint',
  number: 'double',
  boolean: 'boolean',
  instant: 'datetime(3)',
  json: 'json',
} as const satisfies Record<ColumnType, string>

export const analyticsWrite = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: AnalyticsInput,
  output: AnalyticsWritten,
  timeoutMs: WRITE_MS,
  preview: previewOf,
  render: (_settings: unknown, { call, leave_out: leaveOut, table }) => {
    const flat = flattenCall(call, { now: new Date(0), leaveOut })
    const { written_at: _, ...row } = fitRow(flat, new Map(), { evolve: true }).row
    return renderUpsert(table, KEY, row)
  },
  run: async (ctx: Context, { call, leave_out: leaveOut, table, evolve }) => {
    let times: ReadonlySet<string> = new Set()
    const { row, unfit, added } = await evolveTable({
      flat: flattenCall(call, { now: ctx.now(), leaveOut }),
      evolve,
      columnsMax: COLUMNS_MAX,
      columns: async () => {
        const columns = await columnsOf(ctx, table)
        times = new Set(columns.filter(isTime).map(({ name }) => name))
        return new Map(columns.map((column) => [column.name, modelType(column)]))
      },
      change: async (add, isNew) => {
        await write(ctx, { text: renderChange(table, add, isNew), values: [] })
      },
    })
    await write(ctx, renderUpsert(table, KEY, row, times))
    return { call_id: call.uuid, columns_added: [...added], unfit: [...unfit] }
  },
})

function modelType(column: TableColumn): ColumnType | null {
  const { type } = column
  if (type === 'tinyint(1)') return 'boolean'
  if (isTime(column)) return 'instant'
  if (type === 'json') return 'json'
  if (/^(var)?char|text$/.test(type)) return 'text'
  if (/^(tiny|small|medium|big)?int/.test(type)) return 'integer'
  return /^(double|float|decimal)/.test(type) ? 'number' : null
}

function renderChange(table: string, add: readonly Column[], isNew: boolean): string {
  const columns = add
    .filter(({ name }) => !KEY.includes(name))
    .map(({ name, type }) => `${quote(name)} ${SQL_TYPE[type]} null`)
  return isNew
    ? `create table ${tableName(table)} (call_id varchar(64) character set ascii primary key,
        ${columns.join(', ')}) character set utf8mb4`
    : `alter table ${tableName(table)} ${columns.map((column) => `add column ${column}`).join(', ')}`
}
