import type { Clock } from '@bookend/core'

/** The machine's own time. Deadlines read the monotonic clock, so a wall clock set anew moves none. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
