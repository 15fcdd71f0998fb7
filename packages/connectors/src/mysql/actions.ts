// Rows of a MySQL or MariaDB database.
//
// Q1. Values travel beside the SQL and never become part of it (D5).
// Q2. A connection that is `read_only` sends no write.

import { action } from '@bookend/core'
import { columnsOf, isTime } from './columns.ts'
import {
  InsertInput,
  QueryInput,
  QueryOneInput,
  Row,
  Rows,
  StatementInput,
  UpsertInput,
  Written,
} from './schema.ts'
import { ask, type Answer, type Context, type Statement } from './session.ts'
import { renderInsert, renderUpsert, toValue } from './statements.ts'
import { toRows } from './to-json.ts'

const READ_MS = 5_000
export const WRITE_MS = 10_000

export const rowQueryOne = action({
  effect: 'read',
  input: QueryOneInput,
  output: Row.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, values }) => (await read(ctx, sql, values, 1))[0] ?? null,
})

export const rowQuery = action({
  effect: 'read',
  input: QueryInput,
  output: Rows,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, values, limit }) => ({
    rows: await read(ctx, sql, values, limit),
  }),
})

export const rowInsert = action({
  effect: 'write',
  idempotency: { class: 'keyed_append', by: 'run' },
  input: InsertInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ rows }) => ({ count: rows.length }),
  render: (_settings: unknown, { table, rows }) => renderInsert(table, rows),
  run: async (ctx: Context, { table, rows }) => {
    await write(ctx, renderInsert(table, rows, await timesOf(ctx, table)))
    return { count: rows.length }
  },
})

export const rowUpsert = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: UpsertInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: () => ({ count: 1 }),
  render: (_settings: unknown, { table, key, row }) => renderUpsert(table, key, row),
  run: async (ctx: Context, { table, key, row }) => {
    await write(ctx, renderUpsert(table, key, row, await timesOf(ctx, table)))
    return { count: 1 }
  },
})

// The class is `none`: what a repeat of the author's statement does is not known here.
export const rowExecute = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: StatementInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: () => ({ count: 0 }),
  render: (_settings: unknown, { sql, values }) => ({ text: sql, values }),
  run: async (ctx: Context, { sql, values }) => {
    const { result } = await write(ctx, { text: sql, values: values.map(toValue) })
    return { count: 'affectedRows' in result ? result.affectedRows : 0 }
  },
})

export const write = (ctx: Context, statement: Statement): Promise<Answer> =>
  ask(ctx, statement, { effect: 'write', timeoutMs: WRITE_MS })

export async function read(
  ctx: Context,
  sql: string,
  values: readonly Parameters<typeof toValue>[0][],
  rowsMax: number,
): Promise<Row[]> {
  const statement = { text: sql, values: values.map(toValue) }
  const answer = await ask(ctx, statement, { effect: 'read', timeoutMs: READ_MS, rowsMax })
  return toRows(answer).slice(0, rowsMax)
}

async function timesOf(ctx: Context, table: string): Promise<ReadonlySet<string>> {
  const columns = await columnsOf(ctx, table)
  return new Set(columns.filter(isTime).map(({ name }) => name))
}
