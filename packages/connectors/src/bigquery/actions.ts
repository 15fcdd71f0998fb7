// Rows of a dataset. Not for callers who wait: a query takes seconds.

import { ConnectorFault, action, keyId } from '@bookend/core'
import { z } from 'zod'
import { reasonOf } from '../google/session.ts'
import { QueryInput, Row, Rows, StatementInput, UpsertInput, Written } from '../warehouse/input.ts'
import { mergeRow } from './merge-row.ts'
import { run } from './query.ts'
import { type Context, exchange, parseTable } from './rest.ts'
import { InsertInput } from './schema.ts'
import { castsOf, findTable, noSuchTable, tablePath } from './table.ts'

const READ_MS = 30_000
export const WRITE_MS = 60_000

export const rowQueryOne = action({
  effect: 'read',
  input: StatementInput,
  output: Row.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, params }) =>
    (await run(ctx, { effect: 'read', sql, params, limit: 1 }))[0] ?? null,
})

export const rowQuery = action({
  effect: 'read',
  input: QueryInput,
  output: Rows,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, params, limit }) => ({
    rows: [...(await run(ctx, { effect: 'read', sql, params, limit }))],
  }),
})

const Inserted = z.object({
  insertErrors: z
    .array(z.object({ errors: z.array(z.object({ reason: z.string() })).default([]) }))
    .default([]),
})

export const rowInsert = action({
  effect: 'write',
  idempotency: { class: 'keyed_append', by: 'run' },
  input: InsertInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ rows }) => ({ count: rows.length }),
  run: async (ctx: Context, { table, rows, key_column: keyColumn }) => {
    const key = keyId(ctx.key)
    const { body } = await exchange(ctx, {
      effect: 'write',
      method: 'POST',
      path: [...tablePath(ctx, parseTable(ctx, table)), 'insertAll'],
      body: {
        json: {
          rows: rows.map((row, at) => ({
            insertId: `${key}_${at}`,
            json: keyColumn === null ? row : { ...row, [keyColumn]: `${key}_${at}` },
          })),
        },
      },
    })
    const { success, data } = Inserted.safeParse(body)
    if (!success) throw new ConnectorFault({ kind: 'unknown', detail: 'not_an_insert_answer' })
    // One bad row stops all: of the others it says only that.
    const reasons = data.insertErrors.flatMap(({ errors }) => errors.map(({ reason }) => reason))
    if (data.insertErrors.length > 0) {
      const first = reasons.find((reason) => reason !== 'stopped') ?? reasons[0]
      throw new ConnectorFault({ kind: 'refused', detail: reasonOf(first) ?? 'row_refused' })
    }
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
  run: async (ctx: Context, { table: name, key, row }) => {
    const table = parseTable(ctx, name)
    const found = await findTable(ctx, table)
    if (found === null) throw noSuchTable()
    await mergeRow(ctx, { table, key, row, casts: castsOf(found.fields) })
    return { count: 1 }
  },
})
