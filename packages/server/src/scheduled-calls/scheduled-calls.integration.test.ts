import {
  CalendarSchema,
  type Dialled,
  type Dialler,
  type DialRequest,
  nameCalendars,
} from '@bookend/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { engineOn, openScene, type Scene } from '../engine/testing/scene.ts'
import { journeyOn, registryOf } from '../engine/testing/journeys.ts'
import { localChanges } from '../engine/testing/local-changes.ts'
import type { Engine } from '../engine/engine.ts'
import { systemClock } from '../system-clock.ts'
import type { CallRules } from './call-rules.ts'
import { startPlacingCalls } from './place-calls.ts'

const calendars = nameCalendars({
  always: CalendarSchema.parse({
    zone: 'UTC',
    open: Object.fromEntries(
      ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].map((day) => [day, ['00:00-24:00']]),
    ),
  }),
  nobody: CalendarSchema.parse({ zone: 'UTC', open: {} }),
})
const calls: CallRules = { dialRule: { countries: ['US'], numbers: ['+15550100001'] }, calendars }

let scene: Scene
let engine: Engine
const results: unknown[] = []
beforeAll(async () => {
  scene = await openScene()
  const definition = journeyOn('call.wanted', 'later', async ({ event, callLater }) => {
    const { to = '+15550100001', during } = event.payload as { to?: string; during?: string }
    const when = during === undefined ? {} : { during }
    results.push(await callLater('callback', { to, agent: 'front', in: '1ms', ...when }))
  })
  const registry = registryOf([{ version: 'v1', definition }])
  engine = await engineOn(scene, registry, { calls })
})
afterAll(async () => {
  await engine.close()
  await scene[Symbol.asyncDispose]()
})
beforeEach(async () => {
  results.length = 0
  await scene.database.query('delete from scheduled_calls', [])
  await scene.database.query('delete from dial_buckets', [])
})

async function schedule(payload: Record<string, string> = {}): Promise<void> {
  const before = results.length
  await scene.ingest(engine, scene.event('call.wanted', payload))
  await expect.poll(() => results.length, { timeout: 10_000 }).toBe(before + 1)
}

function platform(answer: () => Dialled | Promise<Dialled>, knowsKeys = false) {
  const dialled: DialRequest[] = []
  const dialler: Dialler = {
    name: 'test',
    knowsKeys,
    async dial(request) {
      dialled.push(request)
      return await answer()
    },
  }
  return { dialler, dialled }
}

/** Looks once; the timer of the worker itself is not waited for. */
async function look(dialler: Dialler | null, rules: CallRules = calls): Promise<number> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const { database } = scene
  const parts = { database, engine, changes: localChanges(), clock: systemClock, log }
  const placing = startPlacingCalls({ ...parts, calls: rules, dialler: () => dialler })
  try {
    return await placing.look()
  } finally {
    await placing.close()
  }
}
const stored = () =>
  scene.database.query<{ status: string; code: string | null }>(
    'select status, code, attempts, placed_call_id, next_attempt_at from scheduled_calls order by created_at',
    [],
  )
const makeDue = () =>
  scene.database.query(
    `update scheduled_calls set next_attempt_at = now() - interval '1 second' where next_attempt_at is not null`,
    [],
  )
const failures = async () => {
  const rows = await scene.database.query<{ code: string }>(
    `select e.payload->>'code' as code from events e join scheduled_calls c
       on e.payload->>'scheduled_call_id' = c.id::text where e.type = 'call.scheduled_failed'`,
    [],
  )
  return rows.map(({ code }) => code)
}

describe('a call for later', () => {
  test('is scheduled once, and placed once when it is due', async () => {
    await schedule()
    expect(results).toMatchObject([{ status: 'scheduled', code: null }])
    const { dialler, dialled } = platform(() => ({ kind: 'placed', callId: 'p-1' }))
    expect(await look(dialler)).toBe(1)
    expect(await look(dialler)).toBe(0)
    expect(dialled).toMatchObject([{ to: '+15550100001', agent: 'front' }])
    expect(await stored()).toMatchObject([{ status: 'placed', placed_call_id: 'p-1' }])
  })

  test('is dialled by one of two that look at once', async () => {
    await schedule()
    const { dialler, dialled } = platform(() => ({ kind: 'placed', callId: 'p-1' }))
    await Promise.all([look(dialler), look(dialler)])
    expect(dialled).toHaveLength(1)
  })

  test('without a platform that can dial is blocked, and tells so', async () => {
    await schedule()
    await look(null)
    expect(await stored()).toMatchObject([{ status: 'blocked', code: 'no_dialling_platform' }])
    expect(await failures()).toEqual(['no_dialling_platform'])
  })

  test.each([
    ['+881612345678', 'denied_calling_code'],
    ['+19005550123', 'premium_rate'],
    ['+4915112345678', 'country_not_allowed'],
    ['anonymous', 'not_a_number'],
  ])('to %s is blocked when it is asked for: %s (C11)', async (to, code) => {
    await schedule({ to })
    expect(results).toMatchObject([{ status: 'blocked', code }])
    expect(await failures()).toEqual([code])
  })

  test('is judged again at the moment of dialling (D3)', async () => {
    await schedule()
    const { dialler, dialled } = platform(() => ({ kind: 'placed', callId: 'p' }))
    await look(dialler, { ...calls, dialRule: { countries: [] } })
    expect(dialled).toEqual([])
    expect(await stored()).toMatchObject([{ status: 'blocked', code: 'not_a_number' }])
  })

  test('to one number is placed three times, and no more for hours (C12)', async () => {
    for (let n = 0; n < 4; n += 1) await schedule()
    const { dialler, dialled } = platform(() => ({ kind: 'placed', callId: 'p' }))
    await look(dialler)
    expect(dialled).toHaveLength(3)
    expect((await stored()).filter(({ code }) => code === 'called_too_often')).toHaveLength(1)
  })

  test('keeps to the hours of its calendar', async () => {
    await schedule({ during: 'always' })
    await schedule({ during: 'nobody' })
    await schedule({ during: 'elsewhere' })
    expect(results).toMatchObject([
      { status: 'scheduled' },
      { status: 'blocked', code: 'never_open' },
      { status: 'blocked', code: 'unknown_calendar' },
    ])
  })

  test('that could not be placed is tried again later, five times', async () => {
    await schedule()
    const { dialler, dialled } = platform(() => ({ kind: 'retry', detail: 'busy', afterMs: 1_000 }))
    await look(dialler)
    expect(await stored()).toMatchObject([{ status: 'scheduled', code: 'retry', attempts: 1 }])
    expect(await look(dialler)).toBe(0)
    for (let n = 0; n < 4; n += 1) {
      await scene.database.query('delete from dial_buckets', [])
      await makeDue()
      await look(dialler)
    }
    expect(dialled).toHaveLength(5)
    expect(await stored()).toMatchObject([{ status: 'failed', code: 'gave_up' }])
    expect(await failures()).toEqual(['gave_up'])
  })

  test.each([
    [false, 0, { status: 'failed', code: 'maybe_placed' }],
    [true, 1, { status: 'placed' }],
  ])(
    'that a crash left open is dialled again only by who knows keys (D1): %s',
    async (knowsKeys, times, row) => {
      await schedule()
      await scene.database.query(
        `update scheduled_calls set status = 'dialling', next_attempt_at = now() - interval '1 second'`,
        [],
      )
      const { dialler, dialled } = platform(() => ({ kind: 'placed', callId: 'p' }), knowsKeys)
      await look(dialler)
      expect(dialled).toHaveLength(times)
      expect(await stored()).toMatchObject([row])
    },
  )

  test('whose platform threw may have been placed, and is not placed again', async () => {
    await schedule()
    const { dialler } = platform(() => Promise.reject(new Error('reset')))
    await look(dialler)
    expect(await stored()).toMatchObject([{ status: 'failed', code: 'maybe_placed' }])
  })

  test('records nothing for a claim that ended (D2, F30)', async () => {
    await schedule()
    const { dialler } = platform(async () => {
      await scene.database.query('update scheduled_calls set lease_token = gen_random_uuid()', [])
      return { kind: 'placed', callId: 'late' }
    })
    await look(dialler)
    expect(await stored()).toMatchObject([{ status: 'dialling', placed_call_id: null }])
  })
})
