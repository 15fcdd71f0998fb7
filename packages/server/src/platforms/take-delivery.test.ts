import { fakeClock } from '@bookend/core/testing'
import { expect, test } from 'vitest'
import { createTakeDelivery, type Delivery, type TakeParts } from './take-delivery.ts'

const BODY = Buffer.from(JSON.stringify({ text: 'x'.repeat(20_000) }))

function open(faults: readonly Error[]) {
  const clock = fakeClock()
  const left = [...faults]
  const stored: unknown[][] = []
  const client = {
    query: async (_sql: string, values: unknown[]) => {
      stored.push(values)
      return { rows: [] }
    },
  }
  const parts = {
    clock,
    log: { info() {}, warn() {}, error() {} },
    database: {
      async transaction(work: (client: unknown) => Promise<unknown>) {
        const fault = left.shift()
        if (fault !== undefined) throw fault
        return await work(client)
      },
    },
  } as unknown as TakeParts
  const delivery = {
    live: { label: 'retell/main', row: { workspace_id: 'w', id: 'c' } },
    raw: { body: BODY, received_at: clock.now().toISOString() },
    reading: { kind: 'events', events: [], notes: [], ignored: 'unknown type' },
  } as unknown as Delivery
  return { take: createTakeDelivery(parts), delivery, stored }
}

test('a delivery that cannot be stored as what it is, is set apart whole (D2)', async () => {
  const { take, delivery, stored } = open([new Error('a value the database refuses')])
  await take(delivery)
  const [values = []] = stored
  expect(values).toContain('failed')
  expect(Buffer.from(values.at(-1) as Uint8Array)).toEqual(BODY)
})

test('of one that is ignored, a little is kept', async () => {
  const { take, delivery, stored } = open([])
  await take(delivery)
  const [values = []] = stored
  expect(values).toContain('ignored')
  expect(values.at(-1)).toHaveLength(4_096)
})
