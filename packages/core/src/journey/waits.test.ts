import type { JsonObject } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { FakeClock } from '../testing/fake-clock.ts'
import type { MemoryRun } from '../testing/memory-journal.ts'
import type { HumanOptions, JourneyContext } from './definition.ts'
import { type Body, execute as executeOn, setUp } from './testing/execute.ts'
import type { JourneyEnding, JourneyRuntime } from './run.ts'

type Scene = { clock: FakeClock; run: MemoryRun }

/** Executions hear of what comes. */
const execute = ({ clock, run }: Scene, body: Body, rest: Partial<JourneyRuntime> = {}) =>
  executeOn(clock, run, body, { listen: (listener) => run.listen(listener), ...rest })

/** A journey that keeps what its wait yielded. */
const waiting = (seen: unknown[]) => async (context: JourneyContext) => {
  await context.step('ask', () => 1)
  const reply = await context.waitFor('reply', 'sms.received', {
    match: ({ from }) => from === 'a',
    within: '1d',
  })
  seen.push(reply)
}
const sms = (from: string, n: number) => ({ type: 'sms.received', payload: { from, n } })

describe('a wait for an event', () => {
  test('ends with the first that matches, and is told at once', async () => {
    const scene = setUp()
    const seen: unknown[] = []
    const { ending } = execute(scene, waiting(seen))
    await scene.clock.advance(1_000)
    scene.run.accept(sms('b', 1))
    scene.run.accept(sms('a', 2))
    scene.run.accept(sms('a', 3))
    await scene.clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(seen).toEqual([{ from: 'a', n: 2 }])
    expect(scene.clock.pendingTimers).toBe(0)
  })

  test('yields the same again after a restart, whatever has come since', async () => {
    const scene = setUp()
    const seen: unknown[] = []
    const body = async (context: JourneyContext) => {
      await waiting(seen)(context)
      if (seen.length === 1) await context.step('hold', () => new Promise<never>(() => undefined))
    }
    execute(scene, body)
    await scene.clock.advance(0)
    scene.run.accept(sms('a', 1))
    await scene.clock.advance(0)
    scene.run.accept(sms('a', 2))
    const { ending } = execute(scene, body)
    await scene.clock.advance(0)
    await ending
    expect(seen).toEqual([
      { from: 'a', n: 1 },
      { from: 'a', n: 1 },
    ])
  })

  test('is not missed when it comes between two processes', async () => {
    const scene = setUp()
    const seen: unknown[] = []
    const first = execute(scene, waiting(seen))
    await scene.clock.advance(0)
    first.stop.abort()
    await first.ending
    scene.run.accept(sms('a', 1))
    const second = execute(scene, waiting(seen))
    await scene.clock.advance(0)
    await second.ending
    expect(seen).toEqual([{ from: 'a', n: 1 }])
  })

  test('looks once more for what was on its way while it was recorded (W3)', async () => {
    const scene = setUp()
    const seen: unknown[] = []
    const { ending } = execute(scene, waiting(seen), { listen: () => () => undefined })
    await scene.clock.advance(1_000)
    scene.run.accept(sms('a', 1))
    await scene.clock.advance(18_000)
    expect(seen).toEqual([])
    await scene.clock.advance(1_000)
    await ending
    expect(seen).toEqual([{ from: 'a', n: 1 }])
  })

  test('yields null when its time is over, over a restart', async () => {
    const scene = setUp()
    const seen: unknown[] = []
    const first = execute(scene, waiting(seen))
    await scene.clock.advance(100_000)
    expect(await first.ending).toMatchObject({ kind: 'parked', isRetrying: false })
    await scene.clock.advance(86_400_000)
    scene.run.accept(sms('a', 1))
    const second = execute(scene, waiting(seen))
    await scene.clock.advance(0)
    expect(await second.ending).toEqual({ kind: 'completed' })
    expect(seen).toEqual([null])
  })

  test('looks at a long backlog page by page, and at each event once', async () => {
    const scene = setUp()
    let looks = 0
    const { ending } = execute(scene, async ({ waitFor }) => {
      await waitFor('reply', 'sms.received', {
        match: ({ n }) => {
          looks += 1
          return n === 249
        },
        within: '1d',
      })
    })
    for (let n = 0; n < 250; n += 1) scene.run.accept(sms('a', n))
    await scene.clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(looks).toBe(250)
  })

  test.each([
    ['throws', () => JSON.parse('no') as boolean, 'its `match` threw'],
    ['answers no boolean', () => 1 as unknown as boolean, 'true or false, at once'],
  ])('whose match %s fails the run (W2)', async (_, match, words) => {
    const scene = setUp()
    const { ending } = execute(scene, async ({ waitFor }) => {
      await waitFor('reply', 'sms.received', { match, within: '1d' })
    })
    scene.run.accept(sms('a', 1))
    await scene.clock.advance(0)
    expect(await ending).toMatchObject({ kind: 'failed', error: expect.stringContaining(words) })
  })

  test('is parked with other waits, until the first of them has to be looked at', async () => {
    const scene = setUp()
    const { ending } = execute(
      scene,
      async ({ waitFor, sleep }) => {
        await Promise.all([sleep('s', '3h'), waitFor('w', 'sms.received', { within: '2h' })])
      },
      { isPressed: () => true },
    )
    await scene.clock.advance(2_000)
    expect(await ending).toMatchObject({ kind: 'parked', waitMs: 18_000 })
  })
})

const form = z.object({ decision: z.enum(['call-back', 'close']), note: z.string().optional() })
const handoff = { title: 'Call back?', assign: 'team:a', form, within: '4h' } as const

describe('a handoff', () => {
  const asking = (seen: unknown[]) => async (context: JourneyContext) =>
    void seen.push(await context.human('decide', handoff))

  test('waits for the first answer', async () => {
    const scene = setUp()
    const seen: unknown[] = []
    const { ending } = execute(scene, asking(seen))
    await scene.clock.advance(1_000)
    expect(scene.run.steps.get('decide')).toMatchObject({
      kind: 'human',
      handoff: { title: 'Call back?', form: { type: 'object', required: ['decision'] } },
    })
    expect(scene.run.answer('decide', { decision: 'close' })).toBe(true)
    expect(scene.run.answer('decide', { decision: 'call-back' })).toBe(false)
    await scene.clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(seen).toMatchObject([{ status: 'answered', answer: { decision: 'close' } }])
  })

  test('expires when nobody answers, with or without a process', async () => {
    const scene = setUp()
    const seen: unknown[] = []
    const first = execute(scene, asking(seen))
    await scene.clock.advance(60_000)
    expect(await first.ending).toMatchObject({ kind: 'parked' })
    await scene.clock.advance(14_400_000)
    const second = execute(scene, asking(seen))
    await scene.clock.advance(0)
    await second.ending
    expect(seen).toEqual([{ status: 'expired' }])
  })

  const refused = async (options: Partial<HumanOptions>): Promise<JourneyEnding> => {
    const scene = setUp()
    const { ending } = execute(scene, async ({ human }) => {
      await human('decide', { ...handoff, ...options }).catch(() => undefined)
    })
    await scene.clock.advance(0)
    return await ending
  }
  test.each<[string, Partial<HumanOptions>, string]>([
    ['no title', { title: ' ' }, 'needs a title'],
    ['an assignee that is no name', { assign: '<b>' }, 'is a name'],
    ['a form that is no object', { form: { type: 'string' } }, 'no object with fields'],
    ['a pattern (D2)', { form: z.object({ a: z.string().regex(/(a+)+$/) }) }, 'no patterns'],
    ['a form that is too large', { form: z.object({ a: z.enum(many()) }) }, 'too large'],
  ])('is refused with %s', async (_, options, words) => {
    expect(await refused(options)).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining(words),
    })
  })

  test('may ask for a format, which brings its own pattern', async () => {
    const scene = setUp()
    const { ending } = execute(scene, async ({ human }) => {
      await human('decide', { ...handoff, form: z.object({ mail: z.email() }) })
    })
    await scene.clock.advance(0)
    const asked = scene.run.steps.get('decide')?.handoff?.form as { properties: JsonObject }
    expect(asked.properties['mail']).toEqual({ type: 'string', format: 'email' })
    scene.run.answer('decide', { mail: 'a@example.com' })
    await scene.clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
  })
})

function many(): [string, ...string[]] {
  return Array.from({ length: 2_000 }, (_, n) => `choice number ${n}`) as [string, ...string[]]
}

describe('an event that is emitted', () => {
  test('is stored once, over a restart', async () => {
    const scene = setUp()
    let holds = true
    const body = async ({ emit, step }: JourneyContext): Promise<void> => {
      await emit('tell', 'visit.done', { n: 1 })
      if (holds) await step('hold', () => new Promise<never>(() => undefined))
    }
    execute(scene, body)
    await scene.clock.advance(0)
    holds = false
    const { ending } = execute(scene, body)
    await scene.clock.advance(0)
    expect(await ending).toEqual({ kind: 'completed' })
    expect(scene.run.emitted).toMatchObject([{ event_type: 'visit.done', payload: { n: 1 } }])
  })

  test.each(['call.completed', 'handoff.opened', 'no type'])('may not be a %s', async (type) => {
    const scene = setUp()
    const { ending } = execute(scene, async ({ emit }) => {
      await emit('tell', type).catch(() => undefined)
    })
    await scene.clock.advance(0)
    expect(await ending).toMatchObject({ kind: 'failed' })
    expect(scene.run.emitted).toEqual([])
  })
})

describe('a run that is cancelled', () => {
  test('stops at once, and its running step is told so', async () => {
    const scene = setUp()
    let signal: AbortSignal | undefined
    const { ending } = execute(scene, async ({ step }) => {
      await step('long', (scope) => {
        signal = scope.signal
        return new Promise<never>(() => undefined)
      })
    })
    await scene.clock.advance(0)
    scene.run.open()
    scene.run.accept(sms('x', 0))
    await scene.clock.advance(0)
    expect(await ending).toMatchObject({ kind: 'broken' })
    expect(signal?.aborted).toBe(true)
  })
})

test('what is tried again says so when the run is parked, as its lane is kept', async () => {
  const scene = setUp()
  const { ending } = execute(scene, async ({ step }) => {
    const retry = { first: '10m', max: '10m' } as const
    await step('flaky', () => Promise.reject(new Error('down')), { retry })
  })
  await scene.clock.advance(60_000)
  expect(await ending).toMatchObject({ kind: 'parked', isRetrying: true })
})
