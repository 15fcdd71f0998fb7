import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { EventEnvelope } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../system-clock.ts'
import { openDatabase } from '../../store/database.ts'
import { claimDeliveries } from './claim.ts'
import { Bench, stall } from './testing/bench.ts'
import { openDatabaseDoor } from './testing/database-door.ts'
import { openEndpoint, status, type Endpoint } from './testing/endpoint.ts'

let bench: Bench
const endpoints: Endpoint[] = []

beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(async () => {
  await bench[Symbol.asyncDispose]()
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint[Symbol.asyncDispose]()))
})

async function open(...answer: Parameters<typeof openEndpoint>): Promise<Endpoint> {
  const endpoint = await openEndpoint(...answer)
  endpoints.push(endpoint)
  return endpoint
}

const untilFirst = (expected: object) =>
  vi.waitFor(async () => expect((await bench.states())[0]).toMatchObject(expected), WAIT)
const untilReceived = (endpoint: Endpoint, count: number) =>
  vi.waitFor(() => expect(endpoint.received).toHaveLength(count), WAIT)
const NO_LONGER_OURS = 'a delivery was no longer ours to record'
const WAIT = { timeout: 10_000, interval: 20 }

describe('a delivery', () => {
  test('arrives once, signed as Standard Webhooks verifies it', async () => {
    const endpoint = await open()
    const { secret } = await bench.subscribe(endpoint.url)
    bench.start()
    const eventId = await bench.accept({ payload: { reason: 'hung up' } })
    await untilFirst({ status: 'delivered', attempts: 1, last_status: 200, lease_token: null })
    const [received] = endpoint.received
    const message = new Webhook(secret).verify(received?.body ?? '', received?.headers ?? {})
    expect(EventEnvelope.parse(message)).toMatchObject({
      event_type: 'call.completed',
      event_id: eventId,
      payload: { call_id: null, attempt: 1, reason: 'hung up' },
    })
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': eventId,
    })
    expect(endpoint.received).toHaveLength(1)
    expect(await bench.attempts()).toEqual([{ attempt: 1, status: 200, error: null }])
    expect(bench.published.at(-1)).toMatchObject({ topic: 'deliveries', callId: null })
  })

  test('is signed by the time of the database, whatever the clock here says (F29)', async () => {
    const endpoint = await open()
    const { secret } = await bench.subscribe(endpoint.url)
    const fast = { ...systemClock, now: () => new Date(Date.now() + 86_400_000) }
    bench.start({ clock: fast })
    await bench.accept()
    await untilReceived(endpoint, 1)
    const [received] = endpoint.received
    const verify = () => new Webhook(secret).verify(received?.body ?? '', received?.headers ?? {})
    expect(verify).not.toThrow()
  })

  test('goes to those who want its type, and are enabled', async () => {
    const [wanted, other, off] = [await open(), await open(), await open()]
    await bench.subscribe(wanted.url, { eventTypes: ['call.completed', 'call.analyzed'] })
    await bench.subscribe(other.url, { eventTypes: ['call.started'] })
    await bench.subscribe(off.url, { isEnabled: false })
    bench.start()
    await bench.accept()
    await untilReceived(wanted, 1)
    expect(await bench.states()).toHaveLength(1)
    expect([other.received, off.received]).toEqual([[], []])
  })

  test('that cannot be signed is a failed attempt, not a stuck one', async () => {
    const endpoint = await open()
    await bench.subscribe(endpoint.url)
    await bench.query(`update subscriptions set secret = '\\x01' where workspace_id = $1`, [
      bench.workspaceId,
    ])
    bench.start()
    await bench.accept()
    await untilFirst({ status: 'pending', last_error: 'secret_unreadable', lease_token: null })
    expect(endpoint.received).toEqual([])
  })
})

describe('an endpoint that fails', () => {
  test('is tried ten times by the schedule, then the delivery is dead', async () => {
    const endpoint = await open(status(500))
    await bench.subscribe(endpoint.url)
    bench.start()
    await bench.accept()
    const waitsS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    for (const [index, waitS] of waitsS.entries()) {
      const attempts = index + 1
      await untilFirst({ status: 'pending', attempts, last_status: 500, lease_token: null })
      const [state] = await bench.states()
      expect(state?.wait_s).toBeGreaterThan(waitS - 3)
      expect(state?.wait_s).toBeLessThanOrEqual(waitS)
      await bench.passTime()
    }
    await untilFirst({ status: 'dead', attempts: 10, last_error: 'http_status', wait_s: null })
    const numbers = endpoint.received.map(({ body }) => EventEnvelope.parse(JSON.parse(body)))
    expect(numbers.map(({ payload }) => payload.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(new Set(endpoint.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await bench.attempts()).toHaveLength(10)
  })

  test.each([
    ['seconds', '900', 900],
    ['ten years', '315360000', 86_400],
    ['less than planned', '1', 5],
    ['nonsense', 'soon', 5],
  ])('is asked again when it says, in %s (F17)', async (_, value, waitS) => {
    const endpoint = await open(status(429, { 'retry-after': value }))
    await bench.subscribe(endpoint.url)
    bench.start({ random: () => 0 })
    await bench.accept()
    await untilFirst({ status: 'pending', attempts: 1, last_status: 429, lease_token: null })
    const [state] = await bench.states()
    expect(state?.wait_s).toBeGreaterThan(Math.min(waitS * 0.8, waitS) - 2)
    expect(state?.wait_s).toBeLessThanOrEqual(waitS)
  })

  test('by a redirect is not followed', async () => {
    const target = await open()
    const endpoint = await open(status(302, { location: target.url }))
    await bench.subscribe(endpoint.url)
    bench.start()
    await bench.accept()
    await untilFirst({ status: 'pending', last_status: 302, last_error: 'redirect_refused' })
    expect(target.received).toEqual([])
  })

  test('by 410 is disabled, and what waits for it is cancelled', async () => {
    const endpoint = await open((response, _, count) => {
      response.writeHead(count === 1 ? 500 : 410).end()
    })
    const { id } = await bench.subscribe(endpoint.url)
    bench.start()
    const first = await bench.accept()
    await untilFirst({ attempts: 1, last_status: 500, lease_token: null })
    const second = await bench.accept()
    await vi.waitFor(async () => {
      const [state] = await bench.states(second)
      expect(state).toMatchObject({ status: 'cancelled', last_status: 410, last_error: 'gone' })
    }, WAIT)
    const [waiting] = await bench.states(first)
    expect(waiting).toMatchObject({ status: 'cancelled', last_error: 'subscription_disabled' })
    const [subscription] = await bench.query(
      'select is_enabled, disabled_reason from subscriptions where workspace_id = $1 and id = $2',
      [bench.workspaceId, id],
    )
    expect(subscription).toEqual({
      is_enabled: false,
      disabled_reason: 'The endpoint answered 410 Gone; enable it again once it takes events',
    })
    await vi.waitFor(
      () =>
        expect(bench.published).toContainEqual(expect.objectContaining({ topic: 'config', id })),
      { timeout: 15_000 },
    )
    await bench.accept()
    expect(await bench.states()).toHaveLength(2)
  })

  test('to answer in time is given up on, and its lease is not outlived', async () => {
    const endpoint = await open(() => undefined)
    await bench.subscribe(endpoint.url)
    const asked: number[] = []
    const outgoing = {
      send: (request: Parameters<typeof bench.outgoing.send>[0]) => {
        asked.push(request.totalMs)
        return bench.outgoing.send({ ...request, totalMs: 100 })
      },
    }
    bench.start({ outgoing })
    await bench.accept()
    await untilFirst({ status: 'pending', attempts: 1, last_error: 'timeout', lease_token: null })
    expect(asked).toEqual([15_000])
  })

  test('to be read within 64 KiB has still taken the event, if it says 2xx', async () => {
    const endpoint = await open((response) => response.writeHead(200).end('x'.repeat(70_000)))
    await bench.subscribe(endpoint.url)
    bench.start()
    await bench.accept()
    await untilFirst({ status: 'delivered', last_status: 200, last_error: null })
    expect(endpoint.received).toHaveLength(1)
  })
})

describe('a subscription that is switched off', () => {
  test('has what comes due for it cancelled, and nothing sent (W4)', async () => {
    const endpoint = await open()
    await bench.subscribe(endpoint.url)
    await bench.accept()
    await bench.query('update subscriptions set is_enabled = false where workspace_id = $1', [
      bench.workspaceId,
    ])
    bench.start()
    await untilFirst({ status: 'cancelled', attempts: 0, last_error: 'subscription_disabled' })
    expect(endpoint.received).toEqual([])
  })
})

describe('a worker that is killed or stalls', () => {
  test('loses what it held to another, and its late word changes nothing (F3, F30)', async () => {
    const endpoint = await open((response, _, count) => {
      response.writeHead(count === 1 ? 500 : 200).end()
    })
    await bench.subscribe(endpoint.url)
    const stalled = stall(bench.outgoing)
    bench.start({ outgoing: stalled, concurrency: 1 })
    await bench.accept()
    await vi.waitFor(() => expect(stalled.waiting).toBe(1), WAIT)
    const [held] = await bench.states()
    expect(held?.wait_s).toBeGreaterThan(15)
    expect(held?.wait_s).toBeLessThanOrEqual(20)

    await bench.passTime()
    bench.start()
    await untilFirst({ status: 'pending', attempts: 2, last_status: 500, lease_token: null })
    stalled.release()
    await untilReceived(endpoint, 2)
    await vi.waitFor(() => expect(bench.warnings).toContain(NO_LONGER_OURS), WAIT)
    await untilFirst({ status: 'pending', attempts: 2, last_status: 500 })
    expect(await bench.attempts()).toEqual([
      { attempt: 1, status: null, error: 'interrupted' },
      { attempt: 2, status: 500, error: 'http_status' },
    ])
  })

  test('on its last attempt leaves a dead delivery, never an eleventh attempt (F24)', async () => {
    const endpoint = await open()
    await bench.subscribe(endpoint.url)
    await bench.accept()
    await bench.query(
      `update deliveries set attempts = 10, lease_token = gen_random_uuid(), claimed_at = now()
       where workspace_id = $1`,
      [bench.workspaceId],
    )
    bench.start()
    await untilFirst({ status: 'dead', attempts: 10, last_error: 'interrupted' })
    expect(endpoint.received).toEqual([])
  })
})

test('a worker that wakes when its lease is all but over sends nothing (F30)', async () => {
  const endpoint = await open()
  await bench.subscribe(endpoint.url, { payload: 'full' })
  let aheadMs = 0
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs }
  const callId = randomUUID()
  const findCall = async () => {
    aheadMs = 19_000
    return null
  }
  bench.start({ clock, findCall, concurrency: 1 })
  await bench.accept({ callId })
  await vi.waitFor(() => expect(bench.warnings).toContain('a delivery was left to its lease'), WAIT)
  expect(endpoint.received).toEqual([])
})

describe("a running transcript's updates", () => {
  const callId = randomUUID()
  const update = () => bench.accept({ type: 'call.transcript_update', callId })

  test('supersede one that still waits, and only of their own call', async () => {
    const endpoint = await open()
    await bench.subscribe(endpoint.url)
    const [first, second, third] = [await update(), await update(), await update()]
    const other = await bench.accept({ type: 'call.transcript_update', callId: randomUUID() })
    const superseded = { status: 'cancelled', last_error: 'superseded', wait_s: null }
    expect(await bench.states(first)).toMatchObject([superseded])
    expect(await bench.states(second)).toMatchObject([superseded])
    bench.start()
    await untilReceived(endpoint, 2)
    const seen = endpoint.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(seen)).toEqual(new Set([third, other]))
  })

  test('are in flight one at a time, at most two a second, the latest last (C5)', async () => {
    const endpoint = await open()
    await bench.subscribe(endpoint.url)
    bench.start()
    bench.start()
    let last = ''
    for (const startedMs = performance.now(); performance.now() - startedMs < 1_800;) {
      last = await update()
    }
    await vi.waitFor(() => expect(endpoint.received.at(-1)?.headers['webhook-id']).toBe(last), WAIT)
    expect(endpoint.inFlightMax).toBe(1)
    expect(endpoint.received.length).toBeGreaterThan(1)
    const gaps = endpoint.received.slice(1).map(({ atMs }, index) => {
      return atMs - (endpoint.received[index]?.atMs ?? 0)
    })
    for (const gapMs of gaps) expect(gapMs).toBeGreaterThan(400)
  })

  test('wait for an answer, however slow, before the next is sent (C5)', async () => {
    const answers: (() => void)[] = []
    const endpoint = await open((response) => {
      answers.push(() => response.writeHead(200).end())
    })
    await bench.subscribe(endpoint.url)
    bench.start()
    await update()
    await untilReceived(endpoint, 1)
    await bench.query(
      `update deliveries set claimed_at = claimed_at - interval '1 s' where workspace_id = $1`,
      [bench.workspaceId],
    )
    const second = await update()
    const underWay = new Map<string, number>()
    const room = { limit: 1, perSubscription: 1, underWay, withoutRetries: [] }
    expect((await claimDeliveries(bench.database, room)).toSend).toEqual([])
    expect(await bench.states(second)).toMatchObject([{ status: 'pending', attempts: 0 }])
    answers[0]?.()
    await untilReceived(endpoint, 2)
    answers[1]?.()
    expect(endpoint.inFlightMax).toBe(1)
  })

  test('that failed are not repeated once a later one exists', async () => {
    const endpoint = await open((response, _, count) => {
      response.writeHead(count === 1 ? 500 : 200).end()
    })
    await bench.subscribe(endpoint.url)
    bench.start()
    const first = await update()
    await untilFirst({ attempts: 1, last_status: 500, lease_token: null })
    const second = await update()
    await vi.waitFor(async () => {
      expect(await bench.states(second)).toMatchObject([{ status: 'delivered' }])
    }, WAIT)
    expect(await bench.states(first)).toMatchObject([{ status: 'cancelled', attempts: 1 }])
    expect(endpoint.received).toHaveLength(2)
  })

  test('that could not be superseded when they came are, when they come due', async () => {
    const endpoint = await open()
    await bench.subscribe(endpoint.url)
    const [first] = [await update(), await update()]
    await bench.query(
      `update deliveries set status = 'pending', next_attempt_at = now(), last_error = null
       where workspace_id = $1 and event_id = $2`,
      [bench.workspaceId, first],
    )
    bench.start()
    await untilFirst({ status: 'cancelled', last_error: 'superseded', attempts: 0 })
    await untilReceived(endpoint, 1)
    expect(endpoint.received[0]?.headers['webhook-id']).not.toBe(first)
  })
})

describe('two workers on one database', () => {
  test('send each of 200 deliveries once, and all of them (C1)', async () => {
    const [one, two] = [await open(), await open()]
    await bench.subscribe(one.url)
    await bench.subscribe(two.url)
    bench.start()
    bench.start()
    const ids = await Promise.all(Array.from({ length: 100 }, () => bench.accept()))
    await vi.waitFor(async () => {
      const states = await bench.states()
      expect(states.filter((state) => state.status === 'delivered')).toHaveLength(200)
    }, WAIT)
    for (const endpoint of [one, two]) {
      const seen = endpoint.received.map(({ headers }) => headers['webhook-id'])
      expect(seen).toHaveLength(100)
      expect(new Set(seen)).toEqual(new Set(ids))
    }
  })
})

describe('a slow subscriber with a long queue', () => {
  test('keeps its share, and nobody else waits for it (F27)', async () => {
    const slow = await open(() => undefined)
    const quick = await open()
    await bench.subscribe(slow.url, { eventTypes: ['slow.event'] })
    await bench.subscribe(quick.url, { eventTypes: ['quick.event'] })
    await Promise.all(Array.from({ length: 100 }, () => bench.accept({ type: 'slow.event' })))
    bench.start()
    await untilReceived(slow, 16)
    const startedMs = performance.now()
    await Promise.all(Array.from({ length: 40 }, () => bench.accept({ type: 'quick.event' })))
    await untilReceived(quick, 40)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    expect(slow.received).toHaveLength(16)
  })

  test('and three more like it leave room for others', async () => {
    const slow = await Promise.all(Array.from({ length: 4 }, () => open(() => undefined)))
    for (const { url } of slow) await bench.subscribe(url, { eventTypes: ['slow.event'] })
    const quick = await open()
    await bench.subscribe(quick.url, { eventTypes: ['quick.event'] })
    await Promise.all(Array.from({ length: 20 }, () => bench.accept({ type: 'slow.event' })))
    bench.start({ concurrency: 16 })
    await vi.waitFor(
      () => expect(slow.flatMap(({ received }) => received).length).toBeGreaterThan(8),
      WAIT,
    )
    await bench.accept({ type: 'quick.event' })
    await untilReceived(quick, 1)
  })
})

describe('the end of a worker', () => {
  test('waits for what is under way, and records it', async () => {
    let answer: () => void = () => undefined
    const endpoint = await open((response) => {
      answer = () => response.writeHead(204).end()
    })
    await bench.subscribe(endpoint.url)
    const worker = bench.start()
    await bench.accept()
    await untilReceived(endpoint, 1)
    const closed = worker.close()
    answer()
    await closed
    expect(await bench.states()).toMatchObject([{ status: 'delivered', last_status: 204 }])
  })

  test('after 8 s gives back what is not finished, due at once for the next', async () => {
    const endpoint = await open(() => undefined)
    await bench.subscribe(endpoint.url)
    const soon: Clock = {
      ...systemClock,
      setTimer: (ms, run) => systemClock.setTimer(ms === 8_000 ? 0 : ms, run),
    }
    const worker = bench.start({ clock: soon })
    await bench.accept()
    await untilReceived(endpoint, 1)
    await worker.close()
    const [state] = await bench.states()
    expect(state).toMatchObject({ status: 'pending', attempts: 1, lease_token: null })
    expect(state?.wait_s).toBeLessThanOrEqual(0)
    expect(await bench.attempts()).toMatchObject([{ attempt: 1, error: 'interrupted' }])
    await bench.accept()
    expect(endpoint.received).toHaveLength(1)
  })
})

describe('the database away', () => {
  test('costs waiting: what was sent is recorded, and the rest goes out, afterwards (F7)', async () => {
    const endpoint = await open()
    await bench.subscribe(endpoint.url)
    const stalled = stall(bench.outgoing)
    const door = await openDatabaseDoor(bench.url)
    const database = openDatabase(door.url)
    const worker = bench.start({ database, outgoing: stalled })
    await bench.accept()
    await vi.waitFor(() => expect(stalled.waiting).toBe(1), WAIT)
    door.shut()
    stalled.release()
    await untilReceived(endpoint, 1)
    await bench.accept()
    await vi.waitFor(
      () => expect(bench.warnings).toContain('deliveries wait for the database'),
      WAIT,
    )
    expect(await bench.states()).toMatchObject([{ status: 'pending' }, { status: 'pending' }])
    door.open()
    await vi.waitFor(async () => {
      const states = await bench.states()
      expect(states.map((state) => state.status)).toEqual(['delivered', 'delivered'])
    }, WAIT)
    expect(endpoint.received).toHaveLength(2)
    await worker.close()
    await database.close()
    await door[Symbol.asyncDispose]()
  })
})
