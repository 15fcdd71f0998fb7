import { describe, expect, test } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { abortLater } from './teardown.ts'

describe('tearing down what was given up on (P5)', () => {
  test('waits, then aborts in slices, and forgets nobody', async () => {
    const clock = fakeClock()
    const controllers = Array.from({ length: 120 }, () => new AbortController())
    const aborted = (): number => controllers.filter(({ signal }) => signal.aborted).length
    for (const controller of controllers) abortLater(clock, controller)
    expect(aborted()).toBe(0)
    const counts: number[] = []
    for (const stepMs of [19, 1, 1, 1]) {
      await clock.advance(stepMs)
      counts.push(aborted())
    }
    expect(counts).toEqual([0, 50, 100, 120])
    expect(clock.pendingTimers).toBe(0)
  })

  test('starts anew for what comes after', async () => {
    const clock = fakeClock()
    abortLater(clock, new AbortController())
    await clock.advance(50)
    const later = new AbortController()
    abortLater(clock, later)
    await clock.advance(20)
    expect(later.signal.aborted).toBe(true)
  })
})
