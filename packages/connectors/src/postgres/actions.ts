// Rows of a PostgreSQL database.
//
// Q1. Values travel beside the SQL and never become part of it (D5).
// Q2. A connection that is `read_only` sends no write.
// Q3. A write whose `returning` gives more than fits is rolled back and refused.

import { ConnectorFault, action } from '@bookend/core'
import {
  Executed,
  InsertInput,
  QueryInput,
  StatementInput,
  Row,
  Rows,
  UpsertInput,
  Written,
} from './schema.ts'
import type { Context } from './session.ts'
import { renderInsert, renderUpsert } from './statements.ts'
import type { Statement } from './statements.ts'
import { READ_MS, WRITE_MS, read, write } from './transaction.ts'

export const rowQueryOne = action({
  effect: 'read',
  input: StatementInput,
  output: Row.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, values }) => {
    const [row] = await read(ctx, { text: sql, values }, 1)
    return row ?? null
  },
})

export const rowQuery = action({
  effect: 'read',
  input: QueryInput,
  output: Rows,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, values, limit }) => ({
    rows: await read(ctx, { text: sql, values }, limit),
  }),
})

export const rowInsert = action({
  effect: 'write',
  idempotency: { class: 'keyed_append', by: 'run' },
  input: InsertInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ rows }) => ({ count: rows.length }),
  render: (_settings: unknown, input) => renderInsert(input),
  run: async (ctx: Context, input) => {
    const { count } = await change(ctx, renderInsert(input))
    return { count }
  },
})

export const rowUpsert = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: UpsertInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: () => ({ count: 1 }),
  render: (_settings: unknown, input) => renderUpsert(input),
  run: async (ctx: Context, input) => {
    const { count } = await change(ctx, renderUpsert(input))
    return { count }
  },
})

// The class is `none`: what a repeat of the author's statement does is not known here.
export const rowExecute = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: StatementInput,
  output: Executed,
  timeoutMs: WRITE_MS,
  preview: () => ({ count: 0, rows: [] }),
  render: (_settings: unknown, { sql, values }) => ({ text: sql, values }),
  run: (ctx: Context, { sql, values }) => change(ctx, { text: sql, values }),
})

async function change(ctx: Context, statement: Statement): ReturnType<typeof write> {
  if (ctx.settings.read_only) {
    throw new ConnectorFault({ kind: 'refused', detail: 'read_only_connection' })
  }
  return await write(ctx, statement)
}
