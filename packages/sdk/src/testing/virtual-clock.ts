import type { Clock } from '@bookend/core'
// Not the global one: a test's own fake timers leave it alone.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** A clock whose time passes by itself whenever everything is waiting for it. */
export interface VirtualClock extends Clock {
  /**
   * Lets time pass until `isDone`, from timer to timer, at most to `untilMs` of the monotonic reading.
   * Ends early when nothing waits for time any more.
   */
  passUntil(isDone: () => boolean, untilMs?: number): Promise<void>
  /** Sets time to `atMs` where no timer is due before. */
  jumpTo(atMs: number): void
}

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

/** Turns of the loop in which promises, and what Node does between them, come to rest. */
const SETTLE_TURNS = 2

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await nextTurn()
}

export function virtualClock(start: Date): VirtualClock {
  const timers = new Set<Timer>()
  let elapsedMs = 0

  function findNext(untilMs: number): Timer | null {
    let next: Timer | null = null
    for (const timer of timers) {
      if (timer.atMs <= untilMs && (next === null || timer.atMs < next.atMs)) next = timer
    }
    return next
  }

  return {
    now: () => new Date(start.getTime() + elapsedMs),
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, run) {
      const timer: Timer = { atMs: elapsedMs + Math.max(0, delayMs), run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async passUntil(isDone, untilMs = Infinity) {
      for (;;) {
        await settle()
        if (isDone()) return
        const next = findNext(untilMs)
        if (next === null) break
        timers.delete(next)
        elapsedMs = Math.max(elapsedMs, next.atMs)
        next.run()
      }
      if (untilMs !== Infinity) elapsedMs = Math.max(elapsedMs, untilMs)
    },
    jumpTo(atMs) {
      elapsedMs = Math.max(elapsedMs, atMs)
    },
  }
}
