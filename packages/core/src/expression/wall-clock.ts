// What the clock on a wall shows at a moment, in a time zone.

import { EvaluationError } from './expression-error.ts'
import { type Meter, spend } from './meter.ts'

export type ClockPart =
  | 'year'
  | 'month'
  | 'day'
  | 'dayFromZero'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'

const ZONE_STEPS = 200
const ZONES_MAX = 64
const formats = new Map<string, Intl.DateTimeFormat>()

/** Months and weekdays count from 0, Sunday is 0 (CEL). */
export function readClock(date: Date, part: ClockPart, zone: string, meter: Meter): number {
  const shown = zone === 'UTC' ? date : shiftToZone(date, zone, meter)
  switch (part) {
    case 'year':
      return shown.getUTCFullYear()
    case 'month':
      return shown.getUTCMonth()
    case 'day':
      return shown.getUTCDate()
    case 'dayFromZero':
      return shown.getUTCDate() - 1
    case 'weekday':
      return shown.getUTCDay()
    case 'hour':
      return shown.getUTCHours()
    case 'minute':
      return shown.getUTCMinutes()
    case 'second':
      return shown.getUTCSeconds()
  }
}

/** The moment whose UTC reading is what the zone's clocks show. */
function shiftToZone(date: Date, zone: string, meter: Meter): Date {
  spend(meter, ZONE_STEPS)
  const parts = new Map(
    formatOf(zone)
      .formatToParts(date)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const read = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  return new Date(
    Date.UTC(
      read('year'),
      read('month') - 1,
      read('day'),
      read('hour'),
      read('minute'),
      read('second'),
    ),
  )
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = makeFormat(zone)
  if (formats.size >= ZONES_MAX) formats.clear()
  formats.set(zone, format)
  return format
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new EvaluationError('that is not a time zone, such as Europe/Berlin')
  }
}
