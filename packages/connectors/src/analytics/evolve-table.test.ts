import { expect, test } from 'vitest'
import { evolveTable } from './evolve-table.ts'
import { flattenCall } from './flatten-call.ts'
import { AnalyticsCall } from './input.ts'
import { someCall } from './testing/call.ts'

test('a change that is never seen is given up, and tried again later (V2)', async () => {
  let changes = 0
  const evolving = evolveTable({
    flat: flattenCall(AnalyticsCall.parse(someCall), { now: new Date(0), leaveOut: [] }),
    evolve: true,
    columns: () => Promise.resolve(new Map()),
    change: () => {
      changes += 1
      return Promise.resolve()
    },
  })
  await expect(evolving).rejects.toMatchObject({
    verdict: { kind: 'retry', detail: 'table_not_ready' },
  })
  expect(changes).toBeLessThan(20)
})
