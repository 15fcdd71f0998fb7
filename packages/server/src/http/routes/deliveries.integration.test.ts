import type { Delivery } from '@bookend/contract'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { query } from '../../testing/query.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { openEndpoint, type Endpoint } from '../../workers/deliveries/testing/endpoint.ts'

const WAIT = { timeout: 10_000, interval: 20 }
const SINCE = '2026-01-01T00:00:00.000Z'

let server: TestServer
let endpoint: Endpoint
let answerWith = 200
let endpointId = ''
let counter = 0

beforeAll(async () => {
  server = await testServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})
beforeEach(async () => {
  answerWith = 200
  endpoint = await openEndpoint((response) => response.writeHead(answerWith).end('{"heard":true}'))
  endpointId = (await server.client.call('createWebhook', { body: { url: endpoint.url } })).id
})
afterEach(async () => {
  await server.client.call('deleteWebhook', { params: { endpoint_id: endpointId } })
  await endpoint[Symbol.asyncDispose]()
})

const params = () => ({ endpoint_id: endpointId })
const list = async (): Promise<Delivery[]> =>
  (await server.client.call('listDeliveries', { params: params() })).deliveries
const get = (id: string) => server.client.call('getDelivery', { params: { id } })
const replay = (body: object = {}) =>
  server.client.call('replayWebhook', { params: params(), body: { since: SINCE, ...body } })

async function accept(type = 'sms.received'): Promise<string> {
  counter += 1
  const body = { event_type: type, event_id: `own-${counter}`, payload: {} }
  return (await server.client.call('createEvent', { body })).event_id
}

async function untilDelivered(count: number): Promise<void> {
  await vi.waitFor(async () => {
    const delivered = (await list()).filter(({ status }) => status === 'delivered')
    expect(delivered).toHaveLength(count)
  }, WAIT)
}
const ids = (): string[] => endpoint.received.map(({ headers }) => headers['webhook-id'] ?? '')

describe('a test of a webhook', () => {
  test('reaches that endpoint alone, signed, and is a delivery like any other', async () => {
    await using other = await openEndpoint()
    const { id } = await server.client.call('createWebhook', { body: { url: other.url } })
    const answer = await server.client.call('testWebhook', { params: params() })
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), WAIT)
    const { secret } = await server.client.call('getWebhookSecret', { params: params() })
    const [received] = endpoint.received
    expect(new Webhook(secret).verify(received?.body ?? '', received?.headers ?? {})).toMatchObject(
      {
        event_type: 'webhook.test',
        event_id: answer.event_id,
        payload: { webhook_id: endpointId },
      },
    )
    await untilDelivered(1)
    expect(await get(answer.delivery_id)).toMatchObject({ attempts: 1, last_status: 200 })
    expect(other.received).toEqual([])
    await server.client.call('deleteWebhook', { params: { endpoint_id: id } })
  })

  test('cannot be had of one that is disabled', async () => {
    await server.client.call('updateWebhook', { params: params(), body: { enabled: false } })
    await expect(server.client.call('testWebhook', { params: params() })).rejects.toMatchObject({
      status: 409,
    })
    await expect(replay()).rejects.toMatchObject({ status: 409 })
  })
})

test('a delivery shows its attempts with phases and the answer', async () => {
  await accept()
  await untilDelivered(1)
  const [listed] = await list()
  expect(listed?.attempt_log[0]).not.toHaveProperty('response_body')
  const delivery = await get(listed?.id ?? '')
  expect(delivery.attempt_log).toEqual([
    expect.objectContaining({ attempt: 1, status: 200, response_body: '{"heard":true}' }),
  ])
  expect(delivery.attempt_log[0]?.phases).toMatchObject({ tls_ms: null })
})

describe('a delivery that is sent again', () => {
  test('has the same event id, and attempts that go on counting (V1)', async () => {
    const eventId = await accept()
    await untilDelivered(1)
    const id = (await list())[0]?.id ?? ''
    expect(await server.client.call('resendDelivery', { params: { id } })).toMatchObject({
      status: 'pending',
    })
    await vi.waitFor(() => expect(ids()).toEqual([eventId, eventId]), WAIT)
    await vi.waitFor(
      async () => expect(await get(id)).toMatchObject({ status: 'delivered', attempts: 2 }),
      WAIT,
    )
    const bodies = endpoint.received.map(({ body }) => JSON.parse(body).payload.attempt)
    expect(bodies).toEqual([1, 2])
  })

  test('to a disabled webhook is refused', async () => {
    await accept()
    await untilDelivered(1)
    const id = (await list())[0]?.id ?? ''
    await server.client.call('updateWebhook', { params: params(), body: { enabled: false } })
    const resent = server.client.call('resendDelivery', { params: { id } })
    await expect(resent).rejects.toMatchObject({ status: 409 })
    expect(await get(id)).toMatchObject({ status: 'delivered', attempts: 1 })
  })

  test('is tried at once though its endpoint was paused', async () => {
    await accept()
    await untilDelivered(1)
    const id = (await list())[0]?.id ?? ''
    await query(
      server.database,
      `update bookend.subscriptions set failures_in_row = 10,
         failing_since = now(), paused_until = now() + interval '1 hour'`,
    )
    await server.client.call('resendDelivery', { params: { id } })
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(2), WAIT)
  })
})

describe('a replay', () => {
  test('sends the events of a time again, and those that were never sent', async () => {
    const before = await accept('replay.before')
    await untilDelivered(1)
    await server.client.call('updateWebhook', { params: params(), body: { enabled: false } })
    const missed = await accept('replay.missed')
    await server.client.call('updateWebhook', { params: params(), body: { enabled: true } })
    const types = ['replay.before', 'replay.missed']
    const counted = await replay({ event_types: types, dry_run: true })
    expect(counted).toEqual({ count: 2, next_since: null })
    expect(await replay({ event_types: types })).toEqual(counted)
    await untilDelivered(2)
    await vi.waitFor(() => expect(ids()).toHaveLength(3), WAIT)
    expect(ids().toSorted()).toEqual([before, before, missed].toSorted())
  })

  test('of what was missed leaves out what was delivered', async () => {
    await accept('gap.before')
    await untilDelivered(1)
    await server.client.call('updateWebhook', { params: params(), body: { enabled: false } })
    const missed = await accept('gap.missed')
    await server.client.call('updateWebhook', { params: params(), body: { enabled: true } })
    const body = { event_types: ['gap.before', 'gap.missed'], missed_only: true }
    expect(await replay(body)).toMatchObject({ count: 1 })
    await vi.waitFor(() => expect(ids()).toHaveLength(2), WAIT)
    expect(ids().at(-1)).toBe(missed)
    await untilDelivered(2)
    expect(await replay(body)).toMatchObject({ count: 0 })
  })

  test('takes only what the webhook is subscribed to, and only of that time', async () => {
    await accept('narrow.one')
    await server.client.call('updateWebhook', {
      params: params(),
      body: { event_types: ['narrow.two'] },
    })
    expect(await replay({ event_types: ['narrow.one'] })).toMatchObject({ count: 0 })
    expect(await replay({ until: '2026-01-02T00:00:00.000Z' })).toMatchObject({ count: 0 })
    const backwards = replay({ until: '2025-01-01T00:00:00.000Z' })
    await expect(backwards).rejects.toMatchObject({ status: 422 })
  })

  test('of dead deliveries begins their schedule anew', async () => {
    await accept('dead.event')
    await untilDelivered(1)
    await query(server.database, `update bookend.deliveries set status = 'dead', attempts = 10`)
    expect(await replay({ event_types: ['dead.event'], missed_only: true })).toMatchObject({
      count: 1,
    })
    await untilDelivered(1)
    expect((await list())[0]).toMatchObject({ attempts: 11 })
  })
})

describe('dead deliveries', () => {
  const resend = (body: object = {}) => server.client.call('resendDead', { params: params(), body })
  const bury = () =>
    query(
      server.database,
      `update bookend.deliveries set status = 'dead', attempts = 10, next_attempt_at = null
       where subscription_id = $1`,
      [endpointId],
    )

  test('are sent again, the oldest first, as many as asked for at a time', async () => {
    const sent = [await accept('dead.one'), await accept('dead.two'), await accept('dead.one')]
    await untilDelivered(3)
    await bury()
    expect(await resend({ event_types: ['dead.two'] })).toEqual({ count: 1, remaining: 0 })
    await untilDelivered(1)
    expect(await resend({ limit: 1 })).toEqual({ count: 1, remaining: 1 })
    await untilDelivered(2)
    expect(await resend()).toEqual({ count: 1, remaining: 0 })
    await untilDelivered(3)
    expect(ids().slice(3)).toEqual([sent[1], sent[0], sent[2]])
    expect((await list()).map(({ attempts }) => attempts)).toEqual([11, 11, 11])
    expect(await resend()).toEqual({ count: 0, remaining: 0 })
  })

  test('of a time or in too great a number are left alone', async () => {
    await accept('dead.one')
    await untilDelivered(1)
    await bury()
    expect(await resend({ until: SINCE })).toEqual({ count: 0, remaining: 0 })
    await expect(resend({ limit: 10_001 })).rejects.toMatchObject({ status: 422 })
    const found = await server.client.call('searchDeliveries', {
      query: { status: 'dead', endpoint_id: endpointId, event_type: 'dead.one', since: SINCE },
    })
    expect(found.deliveries).toHaveLength(1)
  })
})

test('a webhook tells how deliveries to it fare', async () => {
  const health = async () =>
    (await server.client.call('getWebhook', { params: params() })).health ?? null
  expect(await health()).toEqual({
    state: 'unused',
    last_success_at: null,
    paused_until: null,
    waiting: 0,
    dead: 0,
    next_attempt_at: null,
    latency: null,
  })
  await accept()
  await untilDelivered(1)
  expect(await health()).toMatchObject({
    state: 'well',
    last_success_at: expect.stringMatching(/Z$/),
    latency: { attempts: 1, p50_ms: expect.any(Number), p99_ms: expect.any(Number) },
  })
  answerWith = 500
  await accept()
  await vi.waitFor(async () => expect(await health()).toMatchObject({ state: 'failing' }), WAIT)
  expect(await health()).toMatchObject({ waiting: 1, next_attempt_at: expect.any(String) })
  await query(
    server.database,
    `update bookend.subscriptions set failures_in_row = 10,
       paused_until = now() + interval '1 minute' where id = $1`,
    [endpointId],
  )
  const paused = await health()
  expect(paused).toMatchObject({ state: 'paused', next_attempt_at: paused?.paused_until })
  const disabled = await server.client.call('updateWebhook', {
    params: params(),
    body: { enabled: false },
  })
  expect(disabled).toMatchObject({ disabled_reason: 'switched off' })
  expect(Date.parse(disabled.disabled_at ?? '')).toBeGreaterThan(Date.now() - 60_000)
  const { webhooks } = await server.client.call('listWebhooks', {})
  const listed = webhooks.find(({ id }) => id === endpointId)
  expect(listed?.health).toMatchObject({ state: 'disabled' })
  expect(listed?.health).not.toHaveProperty('latency')
})

test('a rotated secret is the one that is shown, and both sign for a day', async () => {
  const before = await server.client.call('getWebhookSecret', { params: params() })
  const rotated = await server.client.call('rotateWebhookSecret', { params: params() })
  expect(await server.client.call('getWebhookSecret', { params: params() })).toEqual({
    secret: rotated.secret,
  })
  const hours = (Date.parse(rotated.previous_valid_until) - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(23.9)
  expect(hours).toBeLessThan(24.1)
  await accept()
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), WAIT)
  const [received] = endpoint.received
  for (const { secret } of [before, rotated]) {
    const verify = () => new Webhook(secret).verify(received?.body ?? '', received?.headers ?? {})
    expect(verify).not.toThrow()
  }
})

test('a webhook shows its rate, its failures and its warning, and enabling clears them', async () => {
  const webhook = await server.client.call('updateWebhook', {
    params: params(),
    body: { rate_per_second: 20 },
  })
  expect(webhook).toMatchObject({ rate_per_second: 20, failures_in_row: 0, warning: null })
  await query(
    server.database,
    `update bookend.subscriptions set failures_in_row = 12,
       failing_since = now() - interval '2 days', warned_at = now()`,
  )
  expect(await server.client.call('getWebhook', { params: params() })).toMatchObject({
    failures_in_row: 12,
    warning: expect.stringMatching(/^Every delivery since .* has failed/),
  })
  const enabled = await server.client.call('updateWebhook', {
    params: params(),
    body: { enabled: true, rate_per_second: null },
  })
  expect(enabled).toMatchObject({ rate_per_second: null, failures_in_row: 0, warning: null })
})

test("another workspace's deliveries are not found (C13)", async () => {
  const id = '01990000-0000-7000-8000-000000000000'
  await expect(get(id)).rejects.toMatchObject({ status: 404 })
  const resent = server.client.call('resendDelivery', { params: { id } })
  await expect(resent).rejects.toMatchObject({ status: 404 })
})
