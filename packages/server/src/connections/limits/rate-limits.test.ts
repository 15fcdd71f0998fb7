import { ConnectorFault, defineConnector, type HttpResult } from '@bookend/core'
import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { RateLimitRow } from '../../store/postgres/rate-limits.ts'
import type { AnyAction, AnyConnector } from '../configured.ts'
import { type Asking, RateLimits, type RateLimitStore } from './rate-limits.ts'

const read: AnyAction = {
  effect: 'read',
  input: z.unknown(),
  output: z.unknown(),
  timeoutMs: 1_000,
  run: () => Promise.resolve(null),
}
const crm: AnyConnector = defineConnector({
  id: 'crm',
  label: 'CRM',
  settings: z.unknown(),
  auth: z.unknown(),
  actions: { 'contact.get': read },
  buckets: { default: { limit: 10, perMs: 1_000 } },
  readLimits: ({ headers, now }) => [
    {
      limit: 10,
      remaining: Number(headers['x-left']),
      resetAt: new Date(now.getTime() + 1_000),
    },
  ],
})
const asking: Asking = { account: 'crm/main', connector: crm, action: read }
const log = { info: () => undefined, warn: () => undefined }

const limited = (until: Date | null, bucket?: string): ConnectorFault =>
  new ConnectorFault({
    kind: 'limited',
    detail: 'http_429',
    until,
    ...(bucket === undefined ? {} : { bucket }),
  })

function answer(left: string): HttpResult {
  const none = { queuedMs: 0, dnsMs: 0, connectMs: 0, tlsMs: 0, sendMs: 0, waitMs: 0 }
  const phases = { ...none, receiveMs: 0, totalMs: 0 }
  const rest = { body: new Uint8Array(), sent: true, phases, reusedConnection: false } as const
  return { kind: 'answered', status: 200, headers: { 'x-left': left }, ...rest }
}

/** A table that processes share. */
function shared(): RateLimitStore & { readonly rows: Map<string, RateLimitRow> } {
  const rows = new Map<string, RateLimitRow>()
  return {
    rows,
    load: () => Promise.resolve([...rows.values()]),
    save: (given) => {
      for (const row of given) rows.set(`${row.account} ${row.bucket}`, row)
      return Promise.resolve()
    },
  }
}

describe('the limits of a system', () => {
  test('let a caller wait a little, and no longer than a tenth of what is left (L1)', async () => {
    const clock = fakeClock()
    const limits = new RateLimits({ clock, log })
    for (let at = 0; at < 10; at += 1) expect(limits.admit(asking, 'caller', 5_000)).toBeNull()
    const waiting = limits.admit(asking, 'caller', 5_000)
    expect(waiting).toBeInstanceOf(Promise)
    // The next one would wait behind it, and its step has hardly any time.
    expect(() => limits.admit(asking, 'caller', 500)).toThrow(ConnectorFault)
    await clock.advance(100)
    await waiting
  })

  test('send a journey back to the queue, with the time to come again (L2)', () => {
    const clock = fakeClock()
    const limits = new RateLimits({ clock, log })
    for (let at = 0; at < 7; at += 1) expect(limits.admit(asking, 'journey', 30_000)).toBeNull()
    expect(() => limits.admit(asking, 'journey', 30_000)).toThrow(
      expect.objectContaining({
        verdict: {
          kind: 'limited',
          detail: 'rate_limited',
          bucket: 'default',
          until: new Date(clock.now().getTime() + 100),
        },
      }),
    )
    expect(limits.admit(asking, 'caller', 5_000)).toBeNull()
  })

  test('let a crowd of journeys through, each refused hardly more than once (L2, F25)', async () => {
    const clock = fakeClock()
    const limits = new RateLimits({ clock, log })
    let [done, refused] = [0, 0]
    const attempt = (): void => {
      try {
        limits.admit(asking, 'journey', 30_000)?.catch(() => undefined)
        done += 1
      } catch (error) {
        refused += 1
        const { verdict } = error as ConnectorFault
        const until = verdict.kind === 'limited' ? verdict.until : null
        clock.setTimer(Math.max(1, (until?.getTime() ?? 0) - clock.now().getTime()), attempt)
      }
    }
    for (let at = 0; at < 700; at += 1) attempt()
    await clock.advance(101_000)
    expect(done).toBe(700)
    expect(refused).toBeLessThan(800)
    expect(clock.pendingTimers).toBe(0)
  })

  test('hold a refusal for all, by its own bucket, and are asked again after it', async () => {
    const clock = fakeClock()
    const limits = new RateLimits({ clock, log })
    limits.ended(asking, limited(new Date(clock.now().getTime() + 60_000), 'search'))
    expect(limits.admit(asking, 'caller', 5_000)).toBeNull()
    limits.ended(asking, limited(new Date(clock.now().getTime() + 60_000)))
    expect(() => limits.admit(asking, 'caller', 5_000)).toThrow('rate_limited')
    expect(limits.list('crm/main')).toMatchObject([
      { bucket: 'search' },
      { bucket: 'default', blocked_until: new Date(clock.now().getTime() + 60_000) },
    ])
    await clock.advance(60_000)
    expect(limits.admit(asking, 'caller', 5_000)).toBeNull()
  })

  test('a refusal of our own is no news of the system', () => {
    const clock = fakeClock()
    const limits = new RateLimits({ clock, log })
    const until = new Date(clock.now().getTime() + 60_000)
    limits.ended(asking, new ConnectorFault({ kind: 'limited', detail: 'rate_limited', until }))
    expect(limits.admit(asking, 'caller', 5_000)).toBeNull()
  })

  test('are heard by another process, and survive a restart (L3)', async () => {
    const clock = fakeClock()
    const store = shared()
    const [one, two] = [0, 1].map(() => new RateLimits({ clock, log, store }))
    expect(two?.admit(asking, 'caller', 5_000)).toBeNull()
    one?.ended(asking, limited(new Date(clock.now().getTime() + 60_000)))
    one?.saw(asking, answer('3'))
    await clock.advance(2_000)
    expect(() => two?.admit(asking, 'caller', 5_000)).toThrow('rate_limited')
    await Promise.all([one?.close(), two?.close()])
    const reborn = new RateLimits({ clock, log, store })
    await reborn.open()
    expect(() => reborn.admit(asking, 'caller', 5_000)).toThrow('rate_limited')
    await reborn.close()
    expect(clock.pendingTimers).toBe(0)
  })

  test('are those of this process while the database is away (L4)', async () => {
    const clock = fakeClock()
    const away = (): Promise<never> => Promise.reject(new Error('away'))
    const limits = new RateLimits({ clock, log, store: { load: away, save: away } })
    await limits.open()
    limits.ended(asking, limited(null))
    expect(() => limits.admit(asking, 'caller', 5_000)).toThrow('rate_limited')
    await clock.advance(1_001)
    expect(limits.admit(asking, 'caller', 5_000)).toBeNull()
    await limits.close()
  })

  test('cost nothing where a system has none', () => {
    const clock = fakeClock()
    const limits = new RateLimits({ clock, log })
    const { buckets: _, ...plain } = crm
    expect(limits.admit({ ...asking, connector: plain }, 'journey', 1)).toBeNull()
    expect(limits.list('crm/main')).toEqual([])
  })
})
