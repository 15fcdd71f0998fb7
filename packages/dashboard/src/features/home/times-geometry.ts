// Where the hours of a day stand in a chart.
//
// G1. The axis always reaches the deadline, so that a quick day looks quick.
// G2. An hour without answers is a gap: nothing is drawn between what was measured.

import type { Overview } from '@bookend/contract'

interface Given {
  hours: Overview['pre_call']['hours']
  sinceMs: number
  deadlineMs: number | null
  width: number
  height: number
}

interface HourBar {
  at: string
  x: number
  width: number
  p50Y: number
  p95Y: number
}

const HOUR_MS = 3_600_000
/** The day begins within an hour and ends within one. */
const SLOTS = 25
const GAP_PX = 3
const HEADROOM = 1.05

export function layOutTimes({ hours, sinceMs, deadlineMs, width, height }: Given): {
  bars: readonly HourBar[]
  deadlineY: number | null
} {
  const topMs = HEADROOM * Math.max(1, deadlineMs ?? 0, ...hours.map(({ p95_ms }) => p95_ms))
  const yOf = (ms: number): number => height - (ms / topMs) * height
  const firstHourMs = Math.floor(sinceMs / HOUR_MS) * HOUR_MS
  const slot = width / SLOTS
  return {
    deadlineY: deadlineMs === null ? null : yOf(deadlineMs),
    bars: hours.map(({ at, p50_ms, p95_ms }) => ({
      at,
      x: ((Date.parse(at) - firstHourMs) / HOUR_MS) * slot,
      width: slot - GAP_PX,
      p50Y: yOf(p50_ms),
      p95Y: yOf(p95_ms),
    })),
  }
}
