// How long a workflow may take where a door waits (P4).
//
//   what the door waits ─ reserve ─▶ budget      reserve: the greater of a floor and what was measured
//
// The reserve is for the merge, the rendering, the spool, and above all for a loop that is late: a
// timer that is due cannot fire while something else runs.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '@bookend/core'

const FLOOR_MS = 500
const FLOOR_SHARE = 0.2
/** However late the loop is, half of the wait stays with the workflow. */
const SHARE_MAX = 0.5
/** The answer's own work comes behind the same delay as the timer that begins it. */
const DELAYS = 2

/** @param lateMs How late this process was lately, at its worst. */
export function budgetWithin(deadlineMs: number, lateMs: number): number {
  const floor = Math.min(FLOOR_MS, deadlineMs * FLOOR_SHARE)
  const measured = Math.min(DELAYS * lateMs, deadlineMs * SHARE_MAX)
  return deadlineMs - Math.max(floor, measured)
}

export interface Lateness {
  /** The worst delay of the loop in the last minute, in milliseconds, but for one in a thousand. */
  readonly lateMs: () => number
  close(): void
}

/** Delays of the loop: `percentile` of them in milliseconds since the last `reset`. */
export interface DelayMeter {
  percentile(percent: number): number
  reset(): void
  stop(): void
}

const RESOLUTION_MS = 10
const WINDOW_MS = 10_000
const WINDOWS = 6
const PERCENT = 99.9
const NS_PER_MS = 1e6

export function watchLateness(
  clock: Pick<Clock, 'setTimer'>,
  meter: DelayMeter = openMeter(),
): Lateness {
  const worst: number[] = []
  let cancel = (): void => {}
  const next = (): void => {
    cancel = clock.setTimer(WINDOW_MS, () => {
      worst.push(meter.percentile(PERCENT))
      if (worst.length > WINDOWS) worst.shift()
      meter.reset()
      next()
    })
  }
  next()
  return {
    lateMs: () => Math.max(0, ...worst),
    close() {
      cancel()
      meter.stop()
    },
  }
}

function openMeter(): DelayMeter {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  return {
    // The histogram counts from one turn to the next, and a turn is no delay.
    percentile: (percent) => Math.max(0, histogram.percentile(percent) / NS_PER_MS - RESOLUTION_MS),
    reset: () => histogram.reset(),
    stop: () => void histogram.disable(),
  }
}
