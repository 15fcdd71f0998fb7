// The clinic's own time: when it is open, which day it is there, and how an instant is said aloud.

export const CLINIC_ZONE = 'America/New_York'
export const OPENING_HOURS = 'Monday to Friday from 8 am to 6 pm, and Saturday from 9 am to 1 pm'

interface Hours {
  readonly opens: string
  readonly closes: string
}

const WEEKDAY: Hours = { opens: '08:00', closes: '18:00' }
const HOURS: Readonly<Record<string, Hours>> = {
  Mon: WEEKDAY,
  Tue: WEEKDAY,
  Wed: WEEKDAY,
  Thu: WEEKDAY,
  Fri: WEEKDAY,
  Sat: { opens: '09:00', closes: '13:00' },
}

// Made once: a formatter takes longer to make than the whole workflow may compute.
const zone = { timeZone: CLINIC_ZONE } as const
const weekday = new Intl.DateTimeFormat('en-US', { ...zone, weekday: 'short' })
const time = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-CA', zone)
const spokenDay = new Intl.DateTimeFormat('en-US', {
  ...zone,
  weekday: 'long',
  month: 'long',
  day: 'numeric',
})
const spokenTime = new Intl.DateTimeFormat('en-US', { ...zone, hour: 'numeric', minute: '2-digit' })

/** The closing minute itself is closed. */
export function isOpen(at: Date): boolean {
  const hours = HOURS[weekday.format(at)]
  if (hours === undefined) return false
  const now = time.format(at)
  return now >= hours.opens && now < hours.closes
}

/** The calendar day at the clinic, as `2026-11-26`. */
export const clinicDay = (at: Date): string => day.format(at)

/** As `Friday, November 27 at 2:30 PM`. */
export const sayInstant = (at: Date): string =>
  `${spokenDay.format(at)} at ${spokenTime.format(at).replace(/\s/g, ' ')}`
