import { describe, expect, test } from 'vitest'
import { systemClock } from './system-clock.ts'

describe('the system clock', () => {
  test('fires a timer after its delay, by the monotonic reading', async () => {
    const startedAtMs = systemClock.monotonicMs()
    await new Promise<void>((resolve) => void systemClock.setTimer(20, resolve))
    // Timers of the runtime may fire up to a millisecond before their time.
    expect(systemClock.monotonicMs() - startedAtMs).toBeGreaterThanOrEqual(19)
  })

  test('does not fire a timer that was cancelled, and takes a second cancel', async () => {
    const fired: string[] = []
    const cancel = systemClock.setTimer(1, () => fired.push('cancelled'))
    cancel()
    cancel()
    await new Promise<void>((resolve) => void systemClock.setTimer(5, resolve))
    expect(fired).toEqual([])
  })

  test('tells the time of day', () => {
    expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000)
  })
})
