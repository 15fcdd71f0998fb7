import { hubspot } from '@bookend/connectors'
import type { HttpRequest, HttpResult } from '@bookend/core'
import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import type { CallingStep, PendingWrite } from '../calling-step.ts'
import { openConnections } from '../runtime.ts'
import { RateLimits } from './rate-limits.ts'

type Verb = (input: unknown) => Promise<unknown>

function connect(status: number, headers: Record<string, string> = {}) {
  const clock = fakeClock()
  const log = { info: () => undefined, warn: () => undefined }
  const sent: HttpRequest[] = []
  const none = { queuedMs: 0, dnsMs: 0, connectMs: 0, tlsMs: 0, sendMs: 0, waitMs: 0 }
  const rest = {
    headers,
    body: Buffer.from('{"id":"1","results":[]}'),
    sent: true,
    phases: { ...none, receiveMs: 0, totalMs: 0 },
    reusedConnection: false,
  } as const
  const outgoing = {
    send: (request: HttpRequest): Promise<HttpResult> => {
      sent.push(request)
      return Promise.resolve({ kind: 'answered', status, ...rest })
    },
  }
  const connection = {
    name: 'hubspot/main',
    connector: hubspot,
    settings: hubspot.settings.parse({}),
    auth: { token: 'pat-eu1-0000' },
  }
  const limits = new RateLimits({ clock, log })
  const runtime = openConnections({ configured: [connection], outgoing, clock, log, limits })
  const told: PendingWrite[] = []
  const step: CallingStep = {
    name: 'log',
    signal: new AbortController().signal,
    remainingMs: () => 5_000,
    note: () => undefined,
    beforeWrite: (write) => {
      told.push(write)
      return Promise.resolve()
    },
  }
  const verbs = (mode: 'reads' | 'all') =>
    runtime.handlesFor({ crm: 'hubspot/main' }, mode)['crm'] as {
      contact: { findByPhone: Verb }
      note: { create: Verb }
    }
  const find = (mode: 'reads' | 'all' = 'reads') =>
    runtime.enter(step, () => verbs(mode).contact.findByPhone({ phone: '+14155550100' }))
  const note = () => runtime.enter(step, () => verbs('all').note.create({ body: 'Called.' }))
  return { clock, sent, told, find, note, limits }
}

describe('an action of a system with limits', () => {
  test('that was refused is not sent again before its time (K5)', async () => {
    const { clock, sent, find } = connect(429, { 'retry-after': '60' })
    await expect(find()).rejects.toMatchObject({ verdict: { kind: 'limited', detail: 'http_429' } })
    await clock.advance(59_000)
    await expect(find()).rejects.toMatchObject({ verdict: { detail: 'rate_limited' } })
    expect(sent).toHaveLength(1)
    await clock.advance(1_001)
    await expect(find()).rejects.toMatchObject({ verdict: { detail: 'http_429' } })
  })

  test('is no write that may have happened when it was not let through (C8)', async () => {
    const { clock, sent, told, note } = connect(429, { 'retry-after': '60' })
    await expect(note()).rejects.toMatchObject({ verdict: { kind: 'limited' } })
    // Without a property for keys, and of nobody: the class is the setting's and the input's.
    expect(told).toMatchObject([{ class: 'none' }])
    await expect(note()).rejects.toMatchObject({
      verdict: { detail: 'rate_limited', until: new Date(clock.now().getTime() + 60_000) },
    })
    expect([told.length, sent.length]).toEqual([1, 1])
  })

  test('leaves a caller the searches that journeys may not use (B2)', async () => {
    const { sent, find } = connect(200)
    for (const _ of [1, 2]) expect(await find('all')).toBeNull()
    await expect(find('all')).rejects.toMatchObject({ verdict: { bucket: 'search' } })
    for (const _ of [1, 2]) expect(await find()).toBeNull()
    expect(sent).toHaveLength(4)
  })

  test('shows what the system said is left', async () => {
    const { limits, note, clock } = connect(200, {
      'x-hubspot-ratelimit-max': '100',
      'x-hubspot-ratelimit-remaining': '42',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
    })
    await note()
    expect(limits.list('hubspot/main')).toMatchObject([
      {
        bucket: 'default',
        quota: 100,
        remaining: 42,
        reset_at: new Date(clock.now().getTime() + 10_000),
      },
    ])
  })
})
