// Time in which a run does nothing: until a moment, or until it is woken.
//
// T1. A pause before another attempt holds the run's place; a lull, for something that is no attempt,
//     may be waited for elsewhere.
// T2. What was heard since the last look is never slept through: whoever rests says what he has seen.

import type { Clock } from '../kernel/clock.ts'

/** A stretch of waiting: when it is over, and when to look before that. */
interface Lull {
  dueAtMs: number
  lookAtMs: number
}

export interface Rests {
  /** How many wait. */
  readonly waiting: number
  readonly isRetrying: boolean
  /** How often the run was woken. */
  readonly wakes: number
  /** The first moment at which a wait ends, by the clock's monotonic reading; null without one. */
  readonly nextWakeMs: number | null
  /** The first moment at which a wait has to be looked at, which may be before it ends. */
  readonly nextLookMs: number | null
  delay(delayMs: number): Promise<void>
  /** The same, before another attempt. */
  delayRetry(delayMs: number): Promise<void>
  /** Waits as part of a lull, until `delayMs` have passed or something was heard since `seen`. */
  rest(delayMs: number, seen: number): Promise<void>
  during<T>(lull: Lull, work: () => Promise<T>): Promise<T>
  wake(): void
  /** Forgets all timers; whoever waits for one is left where it stands. */
  clear(): void
}

export function createRests(clock: Clock, changed: () => void): Rests {
  const timers = new Map<() => void, number>()
  const lulls = new Set<Lull>()
  const wakers = new Set<() => void>()
  let wakes = 0
  let waiting = 0
  let retrying = 0

  async function delay(delayMs: number): Promise<void> {
    waiting += 1
    changed()
    await new Promise<void>((resolve) => {
      const cancel = clock.setTimer(delayMs, () => {
        timers.delete(cancel)
        resolve()
      })
      timers.set(cancel, clock.monotonicMs() + delayMs)
    })
    waiting -= 1
    changed()
  }

  return {
    get waiting() {
      return waiting
    },
    get isRetrying() {
      return retrying > 0
    },
    get wakes() {
      return wakes
    },
    get nextWakeMs() {
      return earliest([...timers.values(), ...[...lulls].map(({ dueAtMs }) => dueAtMs)])
    },
    get nextLookMs() {
      return earliest([...timers.values(), ...[...lulls].map(({ lookAtMs }) => lookAtMs)])
    },
    delay,
    async delayRetry(delayMs) {
      retrying += 1
      await delay(delayMs)
      retrying -= 1
    },
    rest(delayMs, seen) {
      if (wakes !== seen) return Promise.resolve()
      return new Promise<void>((resolve) => {
        const end = (): void => {
          cancel()
          timers.delete(cancel)
          wakers.delete(end)
          resolve()
        }
        const cancel = clock.setTimer(delayMs, end)
        timers.set(cancel, Infinity)
        wakers.add(end)
      })
    },
    async during(lull, work) {
      lulls.add(lull)
      waiting += 1
      changed()
      try {
        return await work()
      } finally {
        lulls.delete(lull)
        waiting -= 1
        changed()
      }
    },
    wake() {
      wakes += 1
      for (const end of wakers) end()
    },
    clear() {
      for (const cancel of timers.keys()) cancel()
      timers.clear()
    },
  }
}

function earliest(moments: readonly number[]): number | null {
  const first = Math.min(...moments)
  return Number.isFinite(first) ? first : null
}
