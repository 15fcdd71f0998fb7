// Much that is due at once, as after an outage (F25).

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { query } from '../../testing/query.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { openEndpoint, type Endpoint } from './testing/endpoint.ts'

const NUMBER = '+15550100900'
const DUE = 20_000
const WAIT = { timeout: 60_000, interval: 50 }

let server: TestServer
let endpoints: Endpoint[] = []

beforeAll(async () => {
  server = await testServer()
  const agent = await server.client.call('createAgent', { body: { name: 'Front' } })
  const { id } = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
  endpoints = [await openEndpoint(), await openEndpoint()]
  for (const { url } of endpoints) {
    await server.client.call('createWebhook', { body: { url, event_types: ['backlog.event'] } })
  }
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await Promise.all(endpoints.map((endpoint) => endpoint[Symbol.asyncDispose]()))
})

async function callMs(): Promise<number> {
  const startedMs = performance.now()
  const body = { from_number: '+15550100001', to_number: NUMBER }
  await server.client.call('inboundCall', { body })
  return performance.now() - startedMs
}
const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity

test('20,000 due at once go out oldest first, fairly, and calls are answered as before', async () => {
  const before: number[] = []
  for (let call = 0; call < 40; call += 1) before.push(await callMs())
  await query(
    server.database,
    `with events as (
       insert into bookend.events (workspace_id, id, type, dedupe_key, payload)
       select w.id, 'due-' || n, 'backlog.event', 'due-' || n, '{}'
       from bookend.workspaces w, generate_series(1, ${DUE / 2}) n returning workspace_id, id
     )
     insert into bookend.deliveries
       (workspace_id, id, subscription_id, event_id, event_type, next_attempt_at)
     select s.workspace_id, gen_random_uuid(), s.id, 'due-' || n, 'backlog.event',
       now() - (${DUE} - n) * interval '1 s'
     from bookend.subscriptions s, generate_series(1, ${DUE / 2}) n`,
  )
  await vi.waitFor(() => expect(endpoints[0]?.received.length).toBeGreaterThan(0), WAIT)
  const during: number[] = []
  for (let call = 0; call < 40; call += 1) during.push(await callMs())
  await vi.waitFor(() => expect(endpoints[0]?.received.length).toBeGreaterThan(500), WAIT)

  const counts = endpoints.map(({ received }) => received.length)
  // Neither is served before the other's turn.
  expect(Math.min(...counts) / Math.max(...counts)).toBeGreaterThan(0.8)
  for (const { received } of endpoints) {
    const numbers = received.map(({ headers }) => Number(headers['webhook-id']?.slice(4)))
    // What is under way at once may arrive in another order, no more than that.
    numbers.forEach((number, at) => expect(Math.abs(number - (at + 1))).toBeLessThan(64))
  }
  expect(Math.max(...during)).toBeLessThan(5_000)
  expect(medianOf(during)).toBeLessThan(medianOf(before) * 10 + 100)
}, 180_000)
