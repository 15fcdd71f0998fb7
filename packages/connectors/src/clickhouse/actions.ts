// Rows of a ClickHouse database.
//
// Q1. Values travel beside the SQL and never become part of it (D5).
// Q2. A connection that is `read_only` sends no write.

import type { Json } from '@bookend/contract'
import { ConnectorFault, action } from '@bookend/core'
import { z } from 'zod'
import { parseJson } from '../rest/parse-json.ts'
import { ask, type Context } from './ask.ts'
import { renderParams } from './render-params.ts'
import {
  InsertInput,
  QueryInput,
  Row,
  Rows,
  StatementInput,
  Written,
  type Params,
} from './schema.ts'

const READ_MS = 5_000
export const WRITE_MS = 10_000

export const rowQueryOne = action({
  effect: 'read',
  input: StatementInput,
  output: Row.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, params }) => (await select(ctx, sql, params, 1))[0] ?? null,
})

export const rowQuery = action({
  effect: 'read',
  input: QueryInput,
  output: Rows,
  timeoutMs: READ_MS,
  run: async (ctx: Context, { sql, params, limit }) => ({
    rows: await select(ctx, sql, params, limit),
  }),
})

export const rowInsert = action({
  effect: 'write',
  idempotency: { class: 'keyed_append', by: 'run' },
  input: InsertInput,
  output: Written,
  timeoutMs: WRITE_MS,
  preview: ({ rows }) => ({ count: rows.length }),
  run: async (ctx: Context, { table, rows }) => {
    await insert(ctx, table, rows)
    return { count: rows.length }
  },
})

const Answer = z.object({
  meta: z.array(z.object({ name: z.string(), type: z.string() })),
  data: z.array(z.record(z.string(), z.json())),
})

/** @throws {ConnectorFault} */
export async function select(
  ctx: Context,
  sql: string,
  params: Params,
  limit: number,
): Promise<Row[]> {
  const bytes = await ask(ctx, {
    effect: 'read',
    body: sql,
    timeoutMs: READ_MS,
    query: {
      // Not 1: that would refuse the limits beside it.
      readonly: 2,
      default_format: 'JSON',
      output_format_json_quote_64bit_integers: 1,
      // No more is computed than is asked for, nearly.
      max_block_size: limit,
      max_result_rows: limit,
      result_overflow_mode: 'break',
      ...renderParams(params),
    },
  })
  const parsed = parseJson(bytes)
  const answer = Answer.safeParse(parsed.ok ? parsed.value : undefined)
  if (!answer.success) throw new ConnectorFault({ kind: 'refused', detail: 'not_rows' })
  const { meta, data } = answer.data
  const long = meta.filter(({ type }) => /^(Nullable\()?U?Int64\)?$/.test(type))
  return data.slice(0, limit).map((row) => {
    for (const { name } of long) row[name] = shortened(row[name] ?? null)
    return row
  })
}

/** A column that a row leaves out has its default. */
export async function insert(
  ctx: Context,
  table: string,
  rows: readonly Readonly<Record<string, Json>>[],
): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const into = `${tableName(table)} (${columns.map(quote).join(', ')})`
  const lines = rows.map((row) => JSON.stringify(row)).join('\n')
  await ask(ctx, {
    effect: 'write',
    query: { date_time_input_format: 'best_effort' },
    body: `insert into ${into} format JSONEachRow\n${lines}`,
    timeoutMs: WRITE_MS,
  })
}

/** Names have passed the schema: there is nothing in them to escape. */
export const quote = (name: string): string => `\`${name}\``
export const tableName = (table: string): string => table.split('.').map(quote).join('.')

/** A text only where a number would be rounded. */
function shortened(value: Json): Json {
  const read = typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isSafeInteger(read) ? read : value
}
