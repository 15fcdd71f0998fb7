import { createId } from '@bookend/core'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { secretContext } from '../../store/postgres/subscriptions.ts'
import { Bench } from './testing/bench.ts'
import { openEndpoint, status, type Endpoint } from './testing/endpoint.ts'

const NO_PHASES = {
  queuedMs: null,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  sendMs: null,
  waitMs: null,
  receiveMs: null,
}
const WAIT = { timeout: 10_000, interval: 20 }

let bench: Bench
const endpoints: Endpoint[] = []
const open = async (...args: Parameters<typeof openEndpoint>): Promise<Endpoint> => {
  const endpoint = await openEndpoint(...args)
  endpoints.push(endpoint)
  return endpoint
}

beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(async () => {
  await bench[Symbol.asyncDispose]()
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint[Symbol.asyncDispose]()))
})

interface Health extends Record<string, unknown> {
  readonly is_enabled: boolean
  readonly failures_in_row: number
  readonly is_failing: boolean
  readonly is_warned: boolean
  readonly pause_s: number | null
}

async function health(id: string): Promise<Health | undefined> {
  const [row] = await bench.query<Health>(
    `select is_enabled, failures_in_row, failing_since is not null as is_failing,
       warned_at is not null as is_warned,
       extract(epoch from paused_until - now())::double precision as pause_s
     from subscriptions where workspace_id = $1 and id = $2`,
    [bench.workspaceId, id],
  )
  return row
}

/** As if it had failed before. */
const fail = (id: string, times: number, hours: number): Promise<unknown> =>
  bench.query(
    `update subscriptions set failures_in_row = $3, failing_since = now() - $4 * interval '1 hour'
     where workspace_id = $1 and id = $2`,
    [bench.workspaceId, id, times, hours],
  )

const unpause = (id: string): Promise<unknown> =>
  bench.query(`update subscriptions set paused_until = now() where workspace_id = $1 and id = $2`, [
    bench.workspaceId,
    id,
  ])

describe('an endpoint that keeps failing', () => {
  test('is paused after ten failures, then asked once at a time, and loses no attempt (F18)', async () => {
    let isWell = false
    const endpoint = await open((response) => response.writeHead(isWell ? 200 : 500).end())
    const { id } = await bench.subscribe(endpoint.url)
    await Promise.all(Array.from({ length: 30 }, () => bench.accept()))
    bench.start({ perSubscription: 1 })
    await vi.waitFor(
      async () => expect(await health(id)).toMatchObject({ failures_in_row: 10 }),
      WAIT,
    )
    expect((await health(id))?.pause_s).toBeGreaterThan(50)
    const untried = async () => (await bench.states()).filter(({ attempts }) => attempts === 0)
    expect(await untried()).toHaveLength(20)

    await unpause(id)
    bench.changes.publish({ topic: 'deliveries', workspaceId: '', id: '', callId: null })
    await vi.waitFor(
      async () => expect(await health(id)).toMatchObject({ failures_in_row: 11 }),
      WAIT,
    )
    expect(await untried()).toHaveLength(19)

    isWell = true
    await unpause(id)
    bench.changes.publish({ topic: 'deliveries', workspaceId: '', id: '', callId: null })
    await vi.waitFor(async () => expect(await untried()).toEqual([]), WAIT)
    expect(await health(id)).toMatchObject({
      failures_in_row: 0,
      is_failing: false,
      pause_s: null,
    })
  })

  test('for nothing but our own caps is charged with nothing, and loses no attempt (A18)', async () => {
    const endpoint = await open(status(200))
    const { id } = await bench.subscribe(endpoint.url)
    let throttled = 0
    const phases = { ...NO_PHASES, totalMs: 0 }
    bench.start({
      outgoing: {
        send: async (request) => {
          if (throttled === 2) return bench.outgoing.send(request)
          throttled += 1
          return { kind: 'failed', code: 'throttled', sent: false, status: null, phases }
        },
      },
    })
    await bench.accept()
    for (const time of [1, 2]) {
      await vi.waitFor(async () => {
        expect(throttled).toBe(time)
        const [held] = await bench.states()
        expect(held).toMatchObject({ status: 'pending', attempts: 0, lease_token: null })
        expect(held?.last_error).toBe('throttled')
      }, WAIT)
      await bench.passTime()
    }
    await vi.waitFor(
      async () =>
        expect(await bench.states()).toMatchObject([{ status: 'delivered', attempts: 1 }]),
      WAIT,
    )
    expect(await bench.attempts()).toEqual([{ attempt: 1, status: 200, error: null }])
    expect(await health(id)).toMatchObject({ failures_in_row: 0, is_failing: false })
  })

  test('for a day is warned of, once', async () => {
    const endpoint = await open(status(500))
    const { id } = await bench.subscribe(endpoint.url)
    await fail(id, 9, 25)
    bench.start()
    await bench.accept()
    await vi.waitFor(async () => expect(await health(id)).toMatchObject({ is_warned: true }), WAIT)
    await unpause(id)
    await bench.accept()
    await vi.waitFor(
      async () => expect(await health(id)).toMatchObject({ failures_in_row: 11 }),
      WAIT,
    )
    const warnings = bench.warnings.filter((text) => text === 'a webhook has failed for a day')
    expect(warnings).toHaveLength(1)
    expect(await health(id)).toMatchObject({ is_enabled: true })
  })

  test('for five days is disabled, and others hear of it', async () => {
    const [dead, board] = [await open(status(500)), await open()]
    const { id } = await bench.subscribe(dead.url, { eventTypes: ['call.completed'] })
    await bench.subscribe(board.url, { eventTypes: ['webhook.disabled'] })
    await fail(id, 9, 121)
    bench.start()
    await bench.accept()
    await vi.waitFor(() => expect(board.received).toHaveLength(1), WAIT)
    expect(await health(id)).toMatchObject({ is_enabled: false, failures_in_row: 10 })
    expect(JSON.parse(board.received[0]?.body ?? '')).toMatchObject({
      event_type: 'webhook.disabled',
      payload: { webhook_id: id, reason: expect.stringContaining('failed; enable it again') },
    })
  })

  test('fewer than ten times in a row is kept, for however long', async () => {
    const endpoint = await open(status(500))
    const { id } = await bench.subscribe(endpoint.url)
    await fail(id, 3, 1_000)
    bench.start()
    await bench.accept()
    await vi.waitFor(
      async () => expect(await health(id)).toMatchObject({ failures_in_row: 4 }),
      WAIT,
    )
    expect(await health(id)).toMatchObject({ is_enabled: true, is_warned: false, pause_s: null })
  })
})

test('a subscription has its own rate, over all workers; a second of it may be caught up on (C5)', async () => {
  const endpoint = await open()
  const { id } = await bench.subscribe(endpoint.url)
  await bench.query(
    'update subscriptions set rate_per_second = 5 where workspace_id = $1 and id = $2',
    [bench.workspaceId, id],
  )
  await Promise.all(Array.from({ length: 16 }, () => bench.accept()))
  const startedMs = performance.now()
  bench.start()
  bench.start()
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(16), WAIT)
  // Five at once for each of the workers at most, the rest at five a second.
  const tookMs = (endpoint.received.at(-1)?.atMs ?? 0) - startedMs
  expect(tookMs).toBeGreaterThan(1_100)
  const seen = endpoint.received.map(({ headers }) => headers['webhook-id'])
  expect(new Set(seen).size).toBe(16)
})

test('both secrets sign while a rotation lasts, and only the new one after it', async () => {
  const endpoint = await open()
  const { id, secret } = await bench.subscribe(endpoint.url)
  const fresh = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
  await bench.query(
    `update subscriptions set previous_secret = secret, secret = $3,
       previous_secret_until = now() + interval '1 hour' where workspace_id = $1 and id = $2`,
    [bench.workspaceId, id, bench.secrets.encrypt(fresh, secretContext(bench.workspaceId, id))],
  )
  bench.start()
  await bench.accept()
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), WAIT)
  await bench.query(
    `update subscriptions set previous_secret_until = now() where workspace_id = $1`,
    [bench.workspaceId],
  )
  await bench.accept()
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(2), WAIT)
  const verify = (at: number, key: string) => () => {
    const received = endpoint.received[at]
    new Webhook(key).verify(received?.body ?? '', received?.headers ?? {})
  }
  expect(verify(0, secret)).not.toThrow()
  expect(verify(0, fresh)).not.toThrow()
  expect(verify(1, secret)).toThrow('No matching signature')
  expect(verify(1, fresh)).not.toThrow()
})

test('an attempt keeps where its time went and the first 8 KiB of the answer', async () => {
  const endpoint = await open((response) => {
    response.writeHead(422).end(`{"error":"unknown order"}${' '.repeat(9_000)}`)
  })
  await bench.subscribe(endpoint.url)
  bench.start()
  await bench.accept()
  const row = async () => {
    const [attempt] = await bench.query<{
      answer: string | null
      phases: { wait_ms: number | null } | null
    }>('select answer, phases from delivery_attempts where workspace_id = $1', [bench.workspaceId])
    return attempt
  }
  await vi.waitFor(async () => expect(await row()).toBeDefined(), WAIT)
  const attempt = await row()
  expect(attempt?.answer).toHaveLength(8_192)
  expect(attempt?.answer).toMatch(/^\{"error":"unknown order"\}/)
  expect(attempt?.phases?.wait_ms).toBeGreaterThanOrEqual(0)
})

test('a schedule that began anew ends ten attempts later, also when nobody reported the last (F24)', async () => {
  const endpoint = await open(status(500))
  await bench.subscribe(endpoint.url)
  await bench.accept()
  const set = (attempts: number, lease: string | null) =>
    bench.query(
      `update deliveries set attempts = $2, schedule_from = 10, lease_token = $3,
         next_attempt_at = now(), claimed_at = now() where workspace_id = $1`,
      [bench.workspaceId, attempts, lease],
    )
  await set(10, null)
  bench.start()
  const first = async () => (await bench.states())[0]
  await vi.waitFor(
    async () =>
      expect(await first()).toMatchObject({ attempts: 11, status: 'pending', lease_token: null }),
    WAIT,
  )
  expect((await first())?.wait_s).toBeLessThan(7)
  await set(20, createId(new Date()))
  await bench.passTime()
  await vi.waitFor(
    async () => expect(await first()).toMatchObject({ attempts: 20, status: 'dead' }),
    WAIT,
  )
})

test('retries beyond a tenth of first attempts wait, and lose no attempt (F26)', async () => {
  // Never ten failures in a row, so the endpoint is not paused.
  const endpoint = await open((response, _, count) => {
    response.writeHead(count % 5 === 0 ? 200 : 500).end()
  })
  await bench.subscribe(endpoint.url)
  bench.start({ random: () => 1 })
  await Promise.all(Array.from({ length: 100 }, () => bench.accept()))
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(100), WAIT)
  const settled = async () => (await bench.states()).every((state) => state.lease_token === null)
  await vi.waitFor(async () => expect(await settled()).toBe(true), WAIT)
  await bench.passTime()
  // Ten were saved up, ten were earned, the last claim may take its share in debt; a fifth succeeds.
  const most = Math.ceil((10 + 10 + 16) / 0.8) + 1
  await vi.waitFor(() => expect(endpoint.received.length).toBeGreaterThan(115), WAIT)
  await vi.waitFor(async () => {
    const states = await bench.states()
    expect(states.filter(({ status }) => status === 'pending').length).toBeLessThan(80)
    expect(await settled()).toBe(true)
  }, WAIT)
  expect(endpoint.received.length - 100).toBeLessThanOrEqual(most)
  expect((await bench.states()).filter(({ attempts }) => attempts === 1).length).toBeGreaterThan(20)
})
