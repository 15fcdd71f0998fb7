// A row for each call, in a table that has one of each.
//
//   the table's columns ─▶ make or alter it, where something is missing ─▶ merge
//
// A1. A repeat changes the row of its `call_id`: a merge finds it.
// A2. Who finds that another added the column reads the table again and goes on.
// A3. What a later write does not know stays as it was.

import { action } from '@bookend/core'
import { evolveTable } from '../analytics/evolve-table.ts'
import { flattenCall } from '../analytics/flatten-call.ts'
import { AnalyticsWritten, previewOf } from '../analytics/input.ts'
import { AnalyticsInput } from '../warehouse/input.ts'
import { WRITE_MS } from './actions.ts'
import type { Context } from './rest.ts'
import { run } from './statement.ts'
import { changeTable, columnsOf, type Columns } from './table.ts'
import { renderUpsert } from './write-rows.ts'

export const analyticsWrite = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: AnalyticsInput,
  output: AnalyticsWritten,
  timeoutMs: WRITE_MS,
  preview: previewOf,
  run: async (ctx: Context, { call, leave_out: leaveOut, table, evolve }) => {
    let columns: Columns = new Map()
    const { row, added, unfit } = await evolveTable({
      flat: flattenCall(call, { now: ctx.now(), leaveOut }),
      evolve,
      columns: async () => {
        columns = await columnsOf(ctx, table)
        return new Map([...columns].map(([name, { type }]) => [name, type]))
      },
      change: (add, isNew) => changeTable(ctx, table, add, isNew),
    })
    const statement = renderUpsert(table, ['call_id'], row, columns)
    await run(ctx, { effect: 'write', ...statement, limit: 1 })
    return { call_id: call.uuid, columns_added: [...added], unfit: [...unfit] }
  },
})
