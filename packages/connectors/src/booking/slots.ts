// The times at which something may begin, and which of them are free.
//
//   window, hours by the clocks of a zone ─▶ candidates ─▶ without what is taken ─▶ the first few
//
// S1. A slot lies within hours of one day by the clocks there, also when they change (a time that is
//     skipped is no slot), and lasts as long as was asked.
// S2. Starts stand on a grid that begins with each opening: whoever asks sees the same ones.

import { shownIn, type ParsedCalendar } from '@bookend/core'
import type { Slot } from '../records.ts'
import { addDays, instantOf, renderInZone } from './zone-time.ts'

const MINUTE_MS = 60_000
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

export interface Interval {
  readonly start: Date
  readonly end: Date
}

export interface SlotPlan {
  readonly from: Date
  readonly to: Date
  readonly calendar: ParsedCalendar
  readonly durationMinutes: number
  readonly stepMinutes: number
}

/** Ends that touch do not overlap. */
export const overlaps = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end

function* candidateSlots(plan: SlotPlan): Generator<Interval> {
  const { from, to, calendar, durationMinutes, stepMinutes } = plan
  const { zone, open, closed } = calendar
  const lastDay = dateIn(zone, to)
  for (let date = dateIn(zone, from); date <= lastDay; date = addDays(date, 1)) {
    if (closed.has(date)) continue
    const midnight = new Date(`${date}T00:00:00Z`)
    const weekday = WEEKDAYS[midnight.getUTCDay()] ?? 'sun'
    for (const hours of open[weekday].toSorted((a, b) => a.from - b.from)) {
      const closesAt = midnight.getTime() + hours.to * MINUTE_MS
      for (let minute = hours.from; minute < hours.to; minute += stepMinutes) {
        const start = instantOf(zone, new Date(midnight.getTime() + minute * MINUTE_MS))
        if (start === null || start < from) continue
        const end = new Date(start.getTime() + durationMinutes * MINUTE_MS)
        if (end > to || shownIn(zone, end).getTime() > closesAt) continue
        yield { start, end }
      }
    }
  }
}

export interface Choice {
  readonly zone: string
  readonly limit: number
  readonly perDay: number
  /** Kept free before and after. */
  readonly bufferMinutes: number
}

/** @param isFree Asked in order, and only about as many as are needed. */
export async function chooseSlots(
  plan: SlotPlan,
  { zone, limit, perDay, bufferMinutes }: Choice,
  isFree: (wanted: Interval) => boolean | Promise<boolean>,
): Promise<Slot[]> {
  const chosen: Slot[] = []
  const ofDay = new Map<string, number>()
  const bufferMs = bufferMinutes * MINUTE_MS
  for (const { start, end } of candidateSlots(plan)) {
    const date = dateIn(zone, start)
    const already = ofDay.get(date) ?? 0
    if (already >= perDay) continue
    const wanted = {
      start: new Date(start.getTime() - bufferMs),
      end: new Date(end.getTime() + bufferMs),
    }
    // One after the other: the next is asked about only where this one is taken.
    // oxlint-disable-next-line no-await-in-loop
    if (!(await isFree(wanted))) continue
    ofDay.set(date, already + 1)
    chosen.push(renderSlot(zone, { start, end }))
    if (chosen.length === limit) break
  }
  return chosen
}

function renderSlot(zone: string, { start, end }: Interval): Slot {
  const text = renderInZone(zone, start)
  const date = text.slice(0, 10)
  return {
    start: text,
    end: renderInZone(zone, end),
    zone,
    weekday: WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sun',
    date,
    time: text.slice(11, 16),
  }
}

const dateIn = (zone: string, instant: Date): string =>
  shownIn(zone, instant).toISOString().slice(0, 10)
