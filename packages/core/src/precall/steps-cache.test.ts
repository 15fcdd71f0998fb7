import { describe, expect, test } from 'vitest'
import { circuitOpen } from '../breaker/circuit-open.ts'
import type { CachePolicy } from '../cache/policy.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import type { ActiveStep, StepUse } from './steps.ts'
import { startSteps } from './steps.ts'

const use = (cache: StepUse['cache']): StepUse => ({
  connection: 'http/desk',
  action: 'request.get',
  input: {},
  phases: [],
  ...(cache === undefined ? {} : { cache }),
})

/** Steps whose connections answer from where the test says. */
function start() {
  const clock = fakeClock()
  const policies: (CachePolicy | undefined)[] = []
  let entered: ActiveStep | undefined
  const steps = startSteps(clock, 0, 5_000, (active, run) => {
    policies.push(active.cache)
    entered = active
    return run()
  })
  const note = (...states: StepUse['cache'][]): void => {
    for (const state of states) entered?.note(use(state))
  }
  return { clock, steps, policies, note }
}

describe('a step with a cache', () => {
  test('tells its connections for how long', async () => {
    const { steps, policies } = start()
    await steps.step('contact', () => 1, { cache: { fresh: '1m', stale: '1h' } })
    await steps.step('plain', () => 1)
    expect(policies).toEqual([{ freshMs: 60_000, staleMs: 3_600_000 }, undefined])
  })

  test.each([
    [['fresh'], 'cached', 'fresh'],
    [['fresh', 'stale'], 'cached', 'stale'],
    [['fresh', 'miss'], 'ok', 'miss'],
    [['shared'], 'ok', 'shared'],
    [[null, undefined], 'ok', null],
    [[], 'ok', null],
  ] as const)('whose answers were %j is %s, and says %s', async (states, status, cache) => {
    const { steps, note } = start()
    await steps.step('contact', () => note(...states), { cache: '10m' })
    expect(steps.records()).toMatchObject([{ status, cache }])
  })

  test('says what it waited for when it was cut', async () => {
    const { clock, steps, note } = start()
    const looking = steps.step(
      'contact',
      () => {
        note('miss')
        return new Promise<never>(() => undefined)
      },
      { cache: '10m', timeout: '1s', default: null },
    )
    await clock.advance(1_000)
    expect(await looking).toBeNull()
    expect(steps.records()).toMatchObject([{ status: 'cut', cache: 'miss', defaultUsed: true }])
  })

  test('cannot say nonsense', async () => {
    const { steps } = start()
    const looking = steps.step('contact', () => 1, { cache: { fresh: '1h', stale: '1m' } })
    await expect(looking).rejects.toThrow('Step "contact": cache.stale')
  })
})

describe('a step whose connection keeps failing (F18)', () => {
  const fail = (): Promise<never> => Promise.reject(circuitOpen(5_000))

  test('yields its default, and says why', async () => {
    const { steps } = start()
    expect(await steps.step('contact', fail, { default: 'none' })).toBe('none')
    expect(steps.missing()).toEqual([{ name: 'contact', reason: 'circuit_open', step: 'contact' }])
    expect(steps.records()).toMatchObject([
      { status: 'not_started', defaultUsed: true, error: 'circuit open' },
    ])
  })

  test('rejects without one, in words', async () => {
    const { steps } = start()
    await expect(steps.step('contact', fail)).rejects.toThrow(
      'Step "contact" asked a connection that keeps failing and has no default',
    )
  })
})
