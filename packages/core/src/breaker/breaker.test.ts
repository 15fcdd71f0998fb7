import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FakeClock } from '../testing/fake-clock.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import type { BreakerChange, Ending } from './breaker.ts'
import { Breaker } from './breaker.ts'

function start(): { clock: FakeClock; breaker: Breaker; changes: BreakerChange[] } {
  const clock = fakeClock()
  const changes: BreakerChange[] = []
  return { clock, changes, breaker: new Breaker(clock, (change) => void changes.push(change)) }
}

/** Whether it was admitted. */
function run(breaker: Breaker, ending: Ending): boolean {
  const admission = breaker.admit()
  if (admission.kind === 'admitted') admission.end(ending)
  return admission.kind === 'admitted'
}

const times = (count: number, work: () => void): void => {
  for (let nth = 0; nth < count; nth += 1) work()
}

describe('a circuit (F18)', () => {
  test('opens after five failures that are half of what was asked', () => {
    const { breaker } = start()
    times(5, () => run(breaker, 'answered'))
    times(4, () => run(breaker, 'failed'))
    expect(breaker.state).toBe('closed')
    run(breaker, 'failed')
    expect(breaker.state).toBe('open')
  })

  test('stays closed while most is answered', () => {
    const { breaker } = start()
    times(60, () => run(breaker, 'answered'))
    times(50, () => run(breaker, 'failed'))
    expect(breaker.state).toBe('closed')
  })

  test('forgets what is older than twenty seconds', async () => {
    const { breaker, clock } = start()
    times(4, () => run(breaker, 'failed'))
    await clock.advance(20_000)
    run(breaker, 'failed')
    expect(breaker.state).toBe('closed')
    times(4, () => run(breaker, 'failed'))
    expect(breaker.state).toBe('open')
  })

  test('refuses at once while it is open, and says until when (K1)', async () => {
    const { breaker, clock } = start()
    times(5, () => run(breaker, 'failed'))
    await clock.advance(2_000)
    expect(breaker.admit()).toEqual({ kind: 'refused', reopensInMs: 3_000 })
  })

  test('lets one probe through, and closes when it is answered (K1)', async () => {
    const { breaker, clock } = start()
    times(5, () => run(breaker, 'failed'))
    await clock.advance(5_000)
    const probe = breaker.admit()
    expect(probe.kind).toBe('admitted')
    expect(breaker.admit().kind).toBe('refused')
    if (probe.kind === 'admitted') probe.end('answered')
    expect(breaker.state).toBe('closed')
    expect(breaker.isIdle).toBe(true)
    times(4, () => run(breaker, 'failed'))
    expect(breaker.state).toBe('closed')
  })

  test('stays open for twice as long after each probe that fails, up to a minute', async () => {
    const { breaker, clock, changes } = start()
    times(5, () => run(breaker, 'failed'))
    for (const openMs of [5_000, 10_000, 20_000, 40_000, 60_000]) {
      await clock.advance(openMs - 1)
      expect(run(breaker, 'failed')).toBe(false)
      await clock.advance(1)
      expect(run(breaker, 'failed')).toBe(true)
    }
    const opened = changes.filter(({ state }) => state === 'open').map(({ openMs }) => openMs)
    expect(opened).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
  })

  test('begins with five seconds again, once it was closed', async () => {
    const { breaker, clock, changes } = start()
    times(5, () => run(breaker, 'failed'))
    await clock.advance(5_000)
    run(breaker, 'failed')
    await clock.advance(10_000)
    run(breaker, 'answered')
    times(5, () => run(breaker, 'failed'))
    expect(changes.at(-1)).toEqual({ state: 'open', openMs: 5_000 })
  })

  test('does not listen to what was sent before it opened (K2)', async () => {
    const { breaker, clock } = start()
    const [late, later] = [breaker.admit(), breaker.admit()]
    times(5, () => run(breaker, 'failed'))
    if (late.kind === 'admitted') late.end('answered')
    expect(breaker.state).toBe('open')
    await clock.advance(5_000)
    const probe = breaker.admit()
    if (later.kind === 'admitted') later.end('failed')
    expect(breaker.state).toBe('half_open')
    if (probe.kind === 'admitted') probe.end('answered')
    expect(breaker.state).toBe('closed')
  })

  test('lets the next probe through after one that says nothing (K3)', async () => {
    const { breaker, clock } = start()
    times(5, () => run(breaker, 'failed'))
    await clock.advance(5_000)
    expect(run(breaker, 'unknown')).toBe(true)
    expect(breaker.state).toBe('half_open')
    expect(run(breaker, 'answered')).toBe(true)
    expect(breaker.state).toBe('closed')
  })

  test('does not count what says nothing of the system (K3)', () => {
    const { breaker } = start()
    times(100, () => run(breaker, 'unknown'))
    expect(breaker.state).toBe('closed')
    expect(breaker.isIdle).toBe(true)
  })

  test('hears each end once', () => {
    const { breaker } = start()
    const admission = breaker.admit()
    if (admission.kind === 'admitted') times(9, () => admission.end('failed'))
    expect(breaker.state).toBe('closed')
  })
})

test('whatever happens: nothing passes while it is open, one probe at a time, always a way back', async () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('begin' as const) }),
    fc.record({ kind: fc.constant('fail' as const) }),
    fc.record({
      kind: fc.constant('end' as const),
      at: fc.nat(),
      ending: fc.constantFrom<Ending>('answered', 'failed', 'failed', 'failed', 'unknown'),
    }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(7_000) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 120, size: 'max' }), async (events) => {
      const clock = fakeClock()
      let changes = 0
      let openUntilMs = 0
      const wrong: string[] = []
      const check = (isRight: boolean, what: string): void => void (isRight || wrong.push(what))
      const breaker = new Breaker(clock, ({ openMs }) => {
        changes += 1
        check(openMs <= 60_000, 'open for longer than a minute')
        openUntilMs = Math.max(openUntilMs, clock.monotonicMs() + openMs)
      })
      const running: { end: (ending: Ending) => void; change: number }[] = []
      const begin = (): void => {
        const admission = breaker.admit()
        if (admission.kind === 'refused') {
          check(breaker.state !== 'closed', 'refused while closed')
          check(admission.reopensInMs > 0, 'refused until now')
          return
        }
        check(clock.monotonicMs() >= openUntilMs, 'admitted while open')
        const hasProbe = running.some(({ change }) => change === changes)
        check(breaker.state !== 'half_open' || !hasProbe, 'two probes at once')
        running.push({ end: (ending) => admission.end(ending), change: changes })
      }
      for (const one of events) {
        if (one.kind === 'wait') await clock.advance(one.ms)
        if (one.kind === 'begin') begin()
        if (one.kind === 'fail') run(breaker, 'failed')
        if (one.kind === 'end' && running.length > 0) {
          running.splice(one.at % running.length, 1)[0]?.end(one.ending)
        }
      }
      expect(wrong).toEqual([])
      for (const { end } of running) end('unknown')
      await clock.advance(60_000)
      expect(run(breaker, 'answered')).toBe(true)
      expect(breaker.state).toBe('closed')
    }),
    { numRuns: 60 },
  )
})
