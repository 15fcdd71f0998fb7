import { createId } from '@bookend/core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Bench } from './testing/bench.ts'
import { openEndpoint, type Endpoint } from './testing/endpoint.ts'

const WAIT = { timeout: 10_000, interval: 20 }

let bench: Bench
let endpoint: Endpoint | null = null

beforeAll(async () => {
  bench = await Bench.open()
  bench.start()
})
afterEach(async () => {
  await endpoint?.[Symbol.asyncDispose]()
  endpoint = null
})
afterAll(() => bench[Symbol.asyncDispose]())

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** What became of the one delivery to an endpoint that answers so, and of its subscription. */
async function deliver({ status, headers = {}, body = '' }: Answer) {
  // Of the row alone: all rows are deliveries of one workspace, to one worker.
  const type = `test.${createId(new Date())}`
  endpoint = await openEndpoint((response) => response.writeHead(status, headers).end(body))
  const { id } = await bench.subscribe(endpoint.url, { eventTypes: [type] })
  const eventId = await bench.accept({ type })
  await vi.waitFor(async () => {
    expect(await bench.states(eventId)).toMatchObject([{ attempts: 1, lease_token: null }])
  }, WAIT)
  const [state] = await bench.states(eventId)
  const [subscription] = await bench.query<{ is_enabled: boolean; failures_in_row: number }>(
    'select is_enabled, failures_in_row from subscriptions where workspace_id = $1 and id = $2',
    [bench.workspaceId, id],
  )
  return {
    state,
    delivery: state?.status,
    status: state?.last_status,
    error: state?.last_error,
    isTriedAgain: state?.wait_s !== null,
    isEnabled: subscription?.is_enabled,
    failuresInRow: subscription?.failures_in_row,
  }
}

// A connector gives up on most of what is below 500, for it knows its request is at fault. A
// subscriber's 4xx says nothing of the event: it is what a deployment, a proxy or a key being
// changed answers, and is over before the schedule is. So all of it is asked again but 410.
describe('a subscriber that answers', () => {
  test.each([
    [301, { location: 'https://elsewhere.test/' }, 'redirect_refused'],
    [304, {}, 'redirect_refused'],
    [307, { location: 'https://elsewhere.test/' }, 'redirect_refused'],
    [400, {}, 'http_status'],
    [401, { 'www-authenticate': 'Bearer' }, 'http_status'],
    [403, {}, 'http_status'],
    [404, {}, 'http_status'],
    [408, {}, 'http_status'],
    [409, {}, 'http_status'],
    [413, {}, 'http_status'],
    [422, {}, 'http_status'],
    [425, {}, 'http_status'],
    [429, {}, 'http_status'],
    [500, {}, 'http_status'],
    [501, {}, 'http_status'],
    [502, {}, 'http_status'],
    [503, {}, 'http_status'],
    [504, {}, 'http_status'],
    [599, {}, 'http_status'],
  ])('%i is asked again, by the schedule (F19)', async (status, headers, error) => {
    const came = await deliver({ status, headers })
    expect(came).toMatchObject({ delivery: 'pending', status, error, isTriedAgain: true })
    expect(came).toMatchObject({ isEnabled: true, failuresInRow: 1 })
    expect(came.state?.wait_s).toBeGreaterThan(1)
    expect(came.state?.wait_s).toBeLessThanOrEqual(5)
  })

  test.each([
    ['nothing', {}, ''],
    ['a page', { 'content-type': 'text/html' }, '<h1>Gone</h1>'],
    ['more than is read', {}, 'x'.repeat(70_000)],
  ])('410 with %s is disabled, and asked no more (F19)', async (_, headers, body) => {
    const came = await deliver({ status: 410, headers, body })
    expect(came).toMatchObject({ delivery: 'cancelled', status: 410, error: 'gone' })
    expect(came).toMatchObject({ isTriedAgain: false, isEnabled: false })
  })

  const json = { 'content-type': 'application/json' }
  test.each([
    ['200 with nothing', 200, {}, ''],
    ['200 with an error in its body', 200, json, '{"ok":false,"error":"not_stored"}'],
    ['200 with a page', 200, { 'content-type': 'text/html' }, '<h1>Please sign in</h1>'],
    ['200 with half a document', 200, json, '{"ok":'],
    ['200 with a type that is none', 200, { 'content-type': '???' }, '\u0000\u0001'],
    ['200 with an encoding nobody knows', 200, { 'content-encoding': 'x-own' }, 'abc'],
    ['200 with more than is read', 200, {}, 'x'.repeat(70_000)],
    ['200 that asks to be asked later', 200, { 'retry-after': '60' }, ''],
    ['201', 201, {}, '{}'],
    ['202', 202, {}, ''],
    ['204', 204, {}, ''],
    ['207 with a refusal in its parts', 207, json, '[{"status":500}]'],
    ['299', 299, {}, ''],
  ])('%s has taken the event (F20)', async (_, status, headers, body) => {
    const came = await deliver({ status, headers, body })
    expect(came).toMatchObject({ delivery: 'delivered', status, error: null })
    expect(came).toMatchObject({ isTriedAgain: false, isEnabled: true, failuresInRow: 0 })
    expect(endpoint?.received).toHaveLength(1)
  })
})
