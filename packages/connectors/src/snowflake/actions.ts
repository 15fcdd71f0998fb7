// Rows of a database. Not for callers who wait: a warehouse that sleeps takes seconds to wake.

import { action } from '@bookend/core'
import {
  InsertInput,
  QueryInput,
  Row,
  Rows,
  StatementInput,
  UpsertInput,
  Written,
} from '../warehouse/input.ts'
import { bind } from './bind.ts'
import type { Context } from './rest.ts'
import { run } from './statement.ts'
import { columnsOf } from './table.ts'
import { renderInsert, renderUpsert } from './write-rows.ts'

const READ_MS = 60_000
export const WRITE_MS = 60_000

export const rowQueryOne = action({
  effect: 'read',
  input: StatementInput,
  output: Row.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, params }) =>
    (await run(ctx, { effect: 'read', ...bind(sql, params), limit: 1 }))[0] ?? null,
})

export const rowQuery = action({
  effect: 'read',
  input: QueryInput,
  output: Rows,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, params, limit }) => ({
    rows: [...(await run(ctx, { effect: 'read', ...bind(sql, params), limit }))],
  }),
})

export const rowInsert = action({
  effect: 'write',
  idempotency: { class: 'key', by: 'run' },
  input: InsertInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ rows }) => ({ count: rows.length }),
  run: async (ctx: Context, { table, rows }) => {
    const statement = renderInsert(table, rows, await columnsOf(ctx, table))
    await run(ctx, { effect: 'write', ...statement, limit: 1 })
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
  run: async (ctx: Context, { table, key, row }) => {
    const statement = renderUpsert(table, key, row, await columnsOf(ctx, table))
    await run(ctx, { effect: 'write', ...statement, limit: 1 })
    return { count: 1 }
  },
})
