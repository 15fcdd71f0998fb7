import type { Clock } from '../kernel/clock.ts'

/** A clock that moves only when a test says so. */
export interface FakeClock extends Clock {
  /** Moves time on, firing each timer at its moment and letting promises settle in between. */
  advance(ms: number): Promise<void>
  /** Timers that wait to fire; a finished run leaves none behind. */
  readonly pendingTimers: number
}

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** Enough turns of the microtask queue for any chain of promises in a workflow under test. */
const SETTLE_TURNS = 50

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await Promise.resolve()
}

export function fakeClock(start = new Date('2026-03-02T15:04:05.000Z')): FakeClock {
  const timers = new Set<Timer>()
  let elapsedMs = 0
  let order = 0

  const earliest = (untilMs: number): Timer | undefined =>
    [...timers]
      .filter((timer) => timer.atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0]

  return {
    now: () => new Date(start.getTime() + elapsedMs),
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, run) {
      order += 1
      const timer: Timer = { atMs: elapsedMs + Math.max(0, delayMs), order, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms
      await settle()
      for (let timer = earliest(untilMs); timer !== undefined; timer = earliest(untilMs)) {
        timers.delete(timer)
        elapsedMs = timer.atMs
        timer.run()
        await settle()
      }
      elapsedMs = untilMs
      await settle()
    },
    get pendingTimers() {
      return timers.size
    },
  }
}
