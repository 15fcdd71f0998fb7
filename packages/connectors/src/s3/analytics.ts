// A file for each call, of one line of JSON, below the day it began: what BigQuery, Snowflake, Athena
// and Spark read as a table that is parted by `dt`.
//
// A1. The key holds the call's id, so a repeat replaces the file: a call has one.
// A2. A column is there whether it has a value or not; documents are documents.

import { action } from '@bookend/core'
import { fitRow } from '../analytics/fit-row.ts'
import { flattenCall } from '../analytics/flatten-call.ts'
import { AnalyticsWritten, previewOf } from '../analytics/input.ts'
import type { Context } from './ask.ts'
import { putObject, WRITE_MS } from './objects.ts'
import { AnalyticsInput } from './schema.ts'

export const analyticsWrite = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: AnalyticsInput,
  output: AnalyticsWritten,
  timeoutMs: WRITE_MS,
  preview: previewOf,
  run: async (ctx: Context, { call, leave_out: leaveOut, folder }) => {
    const flat = flattenCall(call, { now: ctx.now(), leaveOut })
    const { row, unfit } = fitRow(flat, new Map(), { evolve: true })
    const day = (call.started_at ?? call.created_at ?? call.ended_at)?.slice(0, 10) ?? 'unknown'
    await putObject(ctx, {
      key: `${folder}/dt=${day}/${call.uuid}.ndjson`,
      bytes: Buffer.from(`${JSON.stringify(row)}\n`),
      type: 'application/x-ndjson',
    })
    return { call_id: call.uuid, columns_added: [], unfit: [...unfit] }
  },
})
