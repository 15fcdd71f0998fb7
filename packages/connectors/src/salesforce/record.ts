// Records of any object, by SOQL and by external id.

import { action } from '@bookend/core'
import { z } from 'zod'
import type { Json } from '../rest/parse-json.ts'
import { linkTo, plain } from './read-records.ts'
import { upsert } from './save.ts'
import { QueryInput, QueryOneInput, Row, UpsertInput } from './schema.ts'
import { type Context, instanceOf } from './session.ts'
import { type SalesforceRecord, bind, query } from './soql.ts'

const READ_MS = 5_000

const rowOf = (record: SalesforceRecord): Record<string, Json> =>
  plain(record as Json) as Record<string, Json>

export const recordQueryOne = action({
  effect: 'read',
  input: QueryOneInput,
  output: Row.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { soql, values }) => {
    const [first] = (await query(ctx, bind(soql, values))).records
    return first === undefined ? null : rowOf(first)
  },
})

export const recordQuery = action({
  effect: 'read',
  input: QueryInput,
  output: z.object({
    rows: z.array(Row),
    /** There are more than were read. */
    is_cut: z.boolean(),
  }),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { soql, values, limit }) => {
    const { records, isCut } = await query(ctx, bind(soql, values))
    return { rows: records.slice(0, limit).map(rowOf), is_cut: isCut || records.length > limit }
  },
})

export const recordUpsert = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: UpsertInput,
  output: z.object({ id: z.string().min(1), url: z.string().nullable() }),
  timeoutMs: 10_000,
  preview: () => ({ id: 'dry_record', url: null }),
  run: async (ctx: Context, { object, field, value, properties }) => {
    const id = await upsert(ctx, object, [field, value], properties)
    return { id, url: linkTo(await instanceOf(ctx), id) }
  },
})
