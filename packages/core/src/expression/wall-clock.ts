// What the clock on a wall shows at a moment, in a time zone.

import { shownIn } from '../kernel/zone-clock.ts'
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

function shiftToZone(date: Date, zone: string, meter: Meter): Date {
  spend(meter, ZONE_STEPS)
  try {
    return shownIn(zone, date)
  } catch {
    throw new EvaluationError('that is not a time zone, such as Europe/Berlin')
  }
}
