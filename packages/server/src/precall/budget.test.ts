import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import { budgetWithin, watchLateness, type DelayMeter } from './budget.ts'

describe('the budget of a workflow (P4)', () => {
  test.each([
    [5_000, 0, 4_500],
    [800, 0, 640],
    [5_000, 200, 4_500],
    [5_000, 400, 4_200],
    [800, 100, 600],
    [5_000, 9_000, 2_500],
  ])('at a door that waits %i ms, with a loop %i ms late, is %i ms', (door, late, budget) => {
    expect(budgetWithin(door, late)).toBe(budget)
  })
})

describe('how late the loop is', () => {
  function open() {
    const clock = fakeClock()
    const now = { delay: 0, resets: 0, isStopped: false }
    const meter: DelayMeter = {
      percentile: () => now.delay,
      reset: () => void (now.resets += 1),
      stop: () => void (now.isStopped = true),
    }
    return { clock, now, lateness: watchLateness(clock, meter) }
  }

  test('is the worst of the last minute, and is forgotten after it (P4)', async () => {
    const { clock, now, lateness } = open()
    expect(lateness.lateMs()).toBe(0)
    now.delay = 700
    await clock.advance(10_000)
    now.delay = 3
    for (let window = 1; window < 6; window += 1) {
      await clock.advance(10_000)
      expect(lateness.lateMs()).toBe(700)
    }
    await clock.advance(10_000)
    expect(lateness.lateMs()).toBe(3)
    expect(now.resets).toBe(7)
  })

  test('is watched until it is closed', async () => {
    const { clock, now, lateness } = open()
    lateness.close()
    await clock.advance(30_000)
    expect(now).toMatchObject({ resets: 0, isStopped: true })
  })

  test('is measured: a loop held for 200 ms is about so late', async () => {
    const clock = fakeClock()
    const lateness = watchLateness(clock)
    try {
      const turn = () => new Promise((resolve) => setTimeout(resolve, 20))
      await turn()
      const until = performance.now() + 200
      while (performance.now() < until);
      await turn()
      await clock.advance(10_000)
      expect(lateness.lateMs()).toBeGreaterThan(150)
    } finally {
      lateness.close()
    }
  })
})
