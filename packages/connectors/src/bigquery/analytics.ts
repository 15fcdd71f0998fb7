// A row for each call, in a table that has one of each.
//
//   the table's columns ─▶ make or change it, where something is missing ─▶ merge
//
// A1. A repeat changes the row of its `call_id`: a merge finds it, and BigQuery lets no two merges
//     change one row at once.
// A2. Who finds that another added the column reads the table again and goes on.
// A3. What a later write does not know stays as it was.

import { action } from '@bookend/core'
import { evolveTable } from '../analytics/evolve-table.ts'
import { flattenCall } from '../analytics/flatten-call.ts'
import { AnalyticsWritten, previewOf } from '../analytics/input.ts'
import { AnalyticsInput } from '../warehouse/input.ts'
import { WRITE_MS } from './actions.ts'
import { mergeRow } from './merge-row.ts'
import { parseTable, type Context } from './rest.ts'
import {
  castsOf,
  changeTable,
  findTable,
  modelType,
  noSuchTable,
  type FoundTable,
} from './table.ts'

export const analyticsWrite = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: AnalyticsInput,
  output: AnalyticsWritten,
  timeoutMs: WRITE_MS,
  preview: previewOf,
  run: async (ctx: Context, { call, leave_out: leaveOut, table: name, evolve }) => {
    const table = parseTable(ctx, name)
    const seen: { table: FoundTable | null } = { table: null }
    const { row, added, unfit } = await evolveTable({
      flat: flattenCall(call, { now: ctx.now(), leaveOut }),
      evolve,
      columns: async () => {
        seen.table = await findTable(ctx, table)
        return new Map(seen.table?.fields.map((field) => [field.name, modelType(field)]))
      },
      change: (add) => changeTable(ctx, table, seen.table, add),
    })
    if (seen.table === null) throw noSuchTable()
    await mergeRow(ctx, { table, key: ['call_id'], row, casts: castsOf(seen.table.fields) })
    return { call_id: call.uuid, columns_added: [...added], unfit: [...unfit] }
  },
})
