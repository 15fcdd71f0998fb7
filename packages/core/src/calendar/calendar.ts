// When somebody is there, by the clocks of a place.
//
//   instant ─▶ what the zone's clocks show ─▶ a closed day? ─▶ inside one of the weekday's hours?
//
// H1. Hours are those on the wall, so they stay right when the clocks change; an hour that is
//     shown twice is open, or closed, both times.
// H2. Hours begin with their first minute and end before their last: 17:00 is after 09:00-17:00.

import { z } from 'zod'
import { suggestName } from '../expression/nearest.ts'
import type { Calendars } from '../expression/scope.ts'
import { WorkflowError } from '../kernel/error.ts'
import { shownIn } from '../kernel/zone-clock.ts'

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
type Weekday = (typeof WEEKDAYS)[number]

/** As it is written in `bookend.config.ts`. */
export interface Calendar {
  /** `Europe/Berlin`, as in the IANA database. */
  readonly zone: string
  /** Hours by weekday, such as `['09:00-12:30', '13:30-17:00']`; a day that is left out is closed. */
  readonly open: { readonly [Day in Weekday]?: readonly string[] }
  /** Days on which nobody is there, such as `2026-12-25`. */
  readonly closed?: readonly string[]
}

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MINUTES = 1_440

/** Minutes of a day, by the clocks. */
export interface Hours {
  readonly from: number
  readonly to: number
}

const HoursText = z.string().transform((text, context): Hours => {
  const [found, fromHour, fromMinute, toHour, toMinute] = HOURS.exec(text) ?? []
  const from = Number(fromHour) * 60 + Number(fromMinute)
  const to = toHour === undefined ? DAY_MINUTES : Number(toHour) * 60 + Number(toMinute)
  if (found !== undefined && from < to) return { from, to }
  const message =
    found === undefined
      ? 'must be hours, such as 09:00-17:00'
      : 'must end after it begins; hours past midnight go on the next day, from 00:00'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const Day = z.string().refine(isDay, 'must be a day, such as 2026-12-25')

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return DAY.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

const Zone = z.string().refine(isZone, 'must be a time zone, such as Europe/Berlin')

function isZone(text: string): boolean {
  try {
    shownIn(text, new Date(0))
    return true
  } catch {
    return false
  }
}

const hours = z.array(HoursText).max(24).default([])

/** Parses what an author wrote; {@link nameCalendars} takes what comes out. */
export const CalendarSchema = z.strictObject({
  zone: Zone,
  open: z.strictObject(
    { sun: hours, mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours },
    {
      error: ({ code, keys }) =>
        code === 'unrecognized_keys'
          ? `there is no day "${keys?.[0]}" (${suggestName(keys?.[0] ?? '', WEEKDAYS)})`
          : undefined,
    },
  ),
  closed: z
    .array(Day)
    .max(1_000)
    .default([])
    .transform((days): ReadonlySet<string> => new Set(days)),
})

export type ParsedCalendar = z.output<typeof CalendarSchema>

function isWithin({ zone, open, closed }: ParsedCalendar, instant: Date): boolean {
  const shown = shownIn(zone, instant)
  if (closed.has(shown.toISOString().slice(0, 10))) return false
  const weekday = WEEKDAYS[shown.getUTCDay()] ?? 'sun'
  const minute = shown.getUTCHours() * 60 + shown.getUTCMinutes()
  return open[weekday].some(({ from, to }) => from <= minute && minute < to)
}

/** Authors keep a calendar in a constant, and ask it in every call. */
const parsed = new WeakMap<Calendar, ParsedCalendar>()

/**
 * Whether the calendar is open at `instant`.
 *
 * @throws {WorkflowError} The calendar is not one; the message names the field.
 */
export function isOpen(calendar: Calendar, instant: Date): boolean {
  const known = parsed.get(calendar)
  if (known !== undefined) return isWithin(known, instant)
  const { success, data, error } = CalendarSchema.safeParse(calendar)
  if (!success) {
    const { path, message } = error.issues[0] ?? { path: [], message: 'is not one' }
    throw new WorkflowError(`The calendar cannot be used: ${path.join('.')}: ${message}`)
  }
  parsed.set(calendar, data)
  return isWithin(data, instant)
}

/** What expressions see of calendars. */
export function nameCalendars(calendars: Readonly<Record<string, ParsedCalendar>>): Calendars {
  return {
    names: Object.keys(calendars),
    isOpen(name, at) {
      const calendar = Object.hasOwn(calendars, name) ? calendars[name] : undefined
      return calendar === undefined ? null : isWithin(calendar, at)
    },
  }
}
