// The times of iCalendar as instants.
//
// T1. A time without a zone, a day, and a zone that nobody knows are meant by the clocks of the
//     connection's zone.

import { shownIn } from '@bookend/core'
import { addDays, momentOf, startOfDay } from '../booking/zone-time.ts'
import type { Interval } from '../booking/slots.ts'
import { lineOf, type Component, type Line } from './ical.ts'

const SECOND_MS = 1_000
const UNIT_SECONDS = { W: 604_800, D: 86_400, H: 3_600, M: 60, S: 1 } as const

export interface EventSpan extends Interval {
  readonly isAllDay: boolean
}

/** Null: it has no beginning that can be read. */
export function spanOfEvent(event: Component, zone: string): EventSpan | null {
  const startLine = lineOf(event, 'DTSTART')
  const start = startLine === undefined ? null : readTime(startLine, zone)
  if (startLine === undefined || start === null) return null
  const isAllDay = isDay(startLine)
  const endLine = lineOf(event, 'DTEND')
  const end = endLine === undefined ? null : readTime(endLine, zone)
  if (end !== null) return { start, end, isAllDay }
  const seconds = readDuration(lineOf(event, 'DURATION')?.value ?? '')
  if (isAllDay) {
    const days = Math.max(1, Math.round((seconds ?? 0) / UNIT_SECONDS.D))
    return { start, end: startOfDay(zone, addDays(dateOf(startLine.value), days)), isAllDay }
  }
  return { start, end: new Date(start.getTime() + (seconds ?? 0) * SECOND_MS), isAllDay }
}

const isDay = ({ params, value }: Line): boolean =>
  params.get('VALUE') === 'DATE' || /^\d{8}$/.test(value)

const dateOf = (value: string): string =>
  `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6, 8)}`

export function readTime(line: Line, own: string): Date | null {
  const found = /^(\d{8})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(line.value.trim())
  if (found === null) return null
  const [, day = '', hour, minute, second, utc] = found
  const date = dateOf(day)
  const wall = new Date(`${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}Z`)
  if (Number.isNaN(wall.getTime())) return null
  if (hour === undefined) return startOfDay(own, date)
  return utc === 'Z' ? wall : momentOf(zoneOf(line.params.get('TZID'), own), wall)
}

/** `Europe/Berlin`, also at the end of a longer name (T1). */
function zoneOf(name: string | undefined, own: string): string {
  const zone = /[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){1,2}$/.exec(name ?? '')?.[0] ?? name ?? own
  try {
    shownIn(zone, new Date(0))
    return zone
  } catch {
    return own
  }
}

/** `PT1H30M` in seconds; null where it is none, or lies before. */
function readDuration(text: string): number | null {
  if (!/^\+?P(?=.)(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/.test(text)) return null
  let seconds = 0
  for (const [, count = '', unit = 'S'] of text.matchAll(/(\d+)([WDHMS])/g)) {
    seconds += Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS]
  }
  return seconds
}

/** `20260302T090000Z` */
export const renderUtc = (instant: Date): string =>
  `${instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
