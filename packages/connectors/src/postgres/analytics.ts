// A row for each call, for those who ask questions of a thousand of them.
//
//   begin ─▶ the table's columns ─▶ lock, make or alter, where something is missing ─▶ upsert ─▶ commit
//
// A1. One row for a call, whoever writes it and how often: `call_id` is the primary key.
// A2. Two writers that find a column missing add it once: who alters holds the table's lock.
// A3. What a later write does not know stays as it was: an analysis is not lost by a replay.
// A4. Names have passed the model; values travel as one parameter (Q1).

import { ConnectorFault, action } from '@bookend/core'
import type { ColumnType } from '../analytics/columns.ts'
import { fitRow, type FittedRow } from '../analytics/fit-row.ts'
import { flattenCall } from '../analytics/flatten-call.ts'
import { AnalyticsWritten, previewOf } from '../analytics/input.ts'
import { AnalyticsInput } from './schema.ts'
import type { Context } from './session.ts'
import { quote, renderUpsert, tableName, type Statement } from './statements.ts'
import { WRITE_MS, transact } from './transaction.ts'

const KEY = ['call_id']

const SQL_TYPE = {
  text: 'text',
  integer: 'bigint',
  number: 'double precision',
  boolean: 'boolean',
  instant: 'timestamptz',
  json: 'jsonb',
} as const satisfies Record<ColumnType, string>

/** A table that others made may be stricter than ours: what a type is in the model. */
const MODEL_TYPE: Readonly<Record<string, ColumnType>> = {
  text: 'text',
  'character varying': 'text',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  real: 'number',
  'double precision': 'number',
  numeric: 'number',
  boolean: 'boolean',
  'timestamp with time zone': 'instant',
  'timestamp without time zone': 'instant',
  json: 'json',
  jsonb: 'json',
}

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
    return renderUpsert({ table, key: KEY, row })
  },
  run: async (ctx: Context, { call, leave_out: leaveOut, table, evolve }) => {
    if (ctx.settings.read_only) {
      throw new ConnectorFault({ kind: 'refused', detail: 'read_only_connection' })
    }
    const flat = flattenCall(call, { now: ctx.now(), leaveOut })
    return await transact(ctx, async (run) => {
      const fit = async (): Promise<FittedRow> => {
        const { rows } = await run(columnsOf(table))
        const there = rows.map(
          ({ name, type }) => [name as string, MODEL_TYPE[type as string] ?? null] as const,
        )
        return fitRow(flat, new Map(there), { evolve })
      }
      let fitted = await fit()
      if (fitted.add.length > 0) {
        await run(lockOf(table))
        fitted = await fit()
        for (const statement of renderChanges(table, fitted)) await run(statement)
      }
      const { add, row, unfit } = fitted
      await run(renderUpsert({ table, key: KEY, row: { ...row } }))
      return { call_id: call.uuid, columns_added: add.map(({ name }) => name), unfit: [...unfit] }
    })
  },
})

/** `to_regclass` finds it as the upsert will: by the search path, where no schema is named. */
const columnsOf = (table: string): Statement => ({
  text: `select attname as name, format_type(atttypid, null) as type from pg_attribute
    where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
  values: [tableName(table)],
})

/** Held to the transaction's end; before there is a table, its name is all that can be locked. */
const lockOf = (table: string): Statement => ({
  text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
  values: [`bookend analytics ${table}`],
})

function renderChanges(table: string, { add }: FittedRow): readonly Statement[] {
  if (add.length === 0) return []
  const name = tableName(table)
  const isNew = add.some((column) => column.name === 'call_id')
  const own = add.filter((column) => column.name !== 'call_id')
  const columns = own.map((column) => `add column ${quote(column.name)} ${SQL_TYPE[column.type]}`)
  return [
    ...(isNew ? [`create table ${name} (call_id text primary key)`] : []),
    `alter table ${name} ${columns.join(', ')}`,
  ].map((text) => ({ text, values: [] }))
}
