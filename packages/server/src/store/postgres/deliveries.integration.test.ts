import { Delivery } from '@bookend/contract'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Bench } from '../../workers/deliveries/testing/bench.ts'
import { openEndpoint, status } from '../../workers/deliveries/testing/endpoint.ts'
import { deliveriesOfCall, enqueueDeliveries, listDeliveries } from './deliveries.ts'

const NOWHERE = 'https://hooks.example.com/bookend'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench[Symbol.asyncDispose]())

const list = (subscriptionId: string, more: object = {}, workspaceId = bench.workspaceId) =>
  listDeliveries(bench.database.pool, workspaceId, { subscriptionId, limit: 50, ...more })

describe('enqueuing', () => {
  test('an event again makes no second delivery (Q1, J2)', async () => {
    await bench.subscribe(NOWHERE)
    const id = await bench.accept()
    const { workspaceId } = bench
    const event = { workspaceId, id, type: 'call.completed', callId: null }
    expect(await enqueueDeliveries(bench.database.pool, event)).toEqual([])
    expect(await bench.states()).toHaveLength(1)
  })

  test('many updates of one call at the same moment leaves one waiting (Q2)', async () => {
    await bench.subscribe(NOWHERE)
    const callId = randomUUID()
    const type = 'call.transcript_update'
    await Promise.all(Array.from({ length: 12 }, () => bench.accept({ type, callId })))
    const statuses = (await bench.states()).map((state) => state.status)
    expect(statuses.filter((each) => each === 'pending')).toHaveLength(1)
    expect(statuses.at(-1)).toBe('pending')
  })

  test('leaves another workspace’s subscriptions alone (I5)', async () => {
    await bench.subscribe(NOWHERE)
    const id = await bench.accept()
    const event = { workspaceId: randomUUID(), id, type: 'call.completed', callId: null }
    expect(await enqueueDeliveries(bench.database.pool, event)).toEqual([])
  })
})

describe('a list of deliveries', () => {
  test('is the newest first, page by page, each once, while new ones come', async () => {
    const { id } = await bench.subscribe(NOWHERE)
    const events = [await bench.accept(), await bench.accept(), await bench.accept()]
    const first = await list(id, { limit: 2 })
    await bench.accept()
    const second = await list(id, { limit: 2, cursor: first.next_cursor })
    const seen = [...first.deliveries, ...second.deliveries].map((delivery) => delivery.event_id)
    expect(seen).toEqual(events.toReversed())
    expect(second.next_cursor).toBeNull()
  })

  test('refuses a cursor that is none', async () => {
    const { id } = await bench.subscribe(NOWHERE)
    await expect(list(id, { cursor: 'bm90aGluZw' })).rejects.toThrow(/cursor/)
  })

  test('is empty for another workspace, and for another status (I5)', async () => {
    const { id } = await bench.subscribe(NOWHERE)
    await bench.accept()
    expect((await list(id, {}, randomUUID())).deliveries).toEqual([])
    expect((await list(id, { status: 'dead' })).deliveries).toEqual([])
    expect((await list(id, { status: 'pending' })).deliveries).toHaveLength(1)
  })

  test('tells each attempt, in the shape of the contract', async () => {
    await using endpoint = await openEndpoint(status(503))
    const { id } = await bench.subscribe(endpoint.url)
    const callId = randomUUID()
    const eventId = await bench.accept({ callId })
    bench.start()
    await vi.waitFor(
      async () => {
        const [state] = await bench.states()
        expect(state).toMatchObject({ attempts: 1, lease_token: null })
      },
      { timeout: 15_000 },
    )
    const [delivery] = await deliveriesOfCall(bench.database.pool, bench.workspaceId, callId)
    expect(Delivery.parse(delivery)).toMatchObject({
      webhook_id: id,
      event_id: eventId,
      event_type: 'call.completed',
      call_id: callId,
      status: 'pending',
      last_status: 503,
      last_error: 'http_status',
      attempt_log: [{ attempt: 1, status: 503, error: 'http_status' }],
    })
    expect((await list(id)).deliveries).toEqual([delivery])
  })
})
