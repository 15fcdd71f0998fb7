// Questions to a calendar about its events (RFC 4791, 7.8).
//
// R1. The server is asked to tell each occurrence of what repeats. Where it tells the rule instead, it
//     is asked about a time: what repeats is never reckoned here.
// R2. Servers differ in whose day a day without a zone is. So more is asked for than is looked at, and
//     of days that repeat, the day itself.

import { shownIn } from '@bookend/core'
import type { Interval } from '../booking/slots.ts'
import { overlaps } from '../booking/slots.ts'
import { addDays } from '../booking/zone-time.ts'
import { ask, type Context } from './ask.ts'
import type { Component } from './ical.ts'
import { lineOf } from './ical.ts'
import { renderUtc, spanOfEvent } from './ical-time.ts'
import { parseMultistatus, textOf } from './multistatus.ts'
import { parseEvents, repeats, takesTime } from './read-event.ts'

/** No zone is further from another one's midnight. */
const DAY_SLACK_MS = 14 * 3_600_000

interface FoundEvent extends Interval {
  readonly path: string
  readonly event: Component
}

export interface Taken {
  readonly known: readonly FoundEvent[]
  /** What repeats and was told as a rule, by path. */
  readonly ruled: ReadonlyMap<string, Component>
}

export async function findTaken(ctx: Context, calendar: string, span: Interval): Promise<Taken> {
  const start = new Date(span.start.getTime() - DAY_SLACK_MS)
  const end = new Date(span.end.getTime() + DAY_SLACK_MS)
  const range = `start="${renderUtc(start)}" end="${renderUtc(end)}"`
  const resources = await query(ctx, calendar, {
    filter: `<C:time-range ${range}/>`,
    data: `<C:calendar-data><C:expand ${range}/></C:calendar-data>`,
  })
  const known: FoundEvent[] = []
  const ruled = new Map<string, Component>()
  for (const { path, text } of resources) {
    const events = parseEvents(text).filter(takesTime)
    const rule = events.find(repeats)
    if (rule !== undefined) {
      ruled.set(path, rule)
      continue
    }
    for (const event of events) {
      const own = spanOfEvent(event, ctx.settings.time_zone)
      if (own !== null && overlaps(own, span)) known.push({ path, event, ...own })
    }
  }
  return { known, ruled }
}

/** Which of what repeats happens in this time, as the server reckons it (R1). */
export async function askRuled(
  ctx: Context,
  calendar: string,
  { ruled }: Taken,
  span: Interval,
): Promise<readonly string[]> {
  const paths = [...ruled].map(([path, event]) => ({ path, isDay: isDaily(event) }))
  const found: string[] = []
  for (const isDay of [false, true]) {
    const own = paths.filter((one) => one.isDay === isDay).map(({ path }) => path)
    if (own.length === 0) continue
    const { start, end } = isDay ? daysOf(span, ctx.settings.time_zone) : span
    const filter = `<C:time-range start="${renderUtc(start)}" end="${renderUtc(end)}"/>`
    // Two questions at most, and the second seldom.
    // oxlint-disable-next-line no-await-in-loop
    const seen = new Set((await query(ctx, calendar, { filter, data: '' })).map(({ path }) => path))
    found.push(...own.filter((path) => seen.has(path)))
  }
  return found
}

const isDaily = (event: Component): boolean => /^\d{8}$/.test(lineOf(event, 'DTSTART')?.value ?? '')

/** The days that a time lies in, as if they were those of UTC: so a server without a zone has them. */
function daysOf({ start, end }: Interval, zone: string): Interval {
  const date = (instant: Date): string => shownIn(zone, instant).toISOString().slice(0, 10)
  const last = date(new Date(end.getTime() - 1_000))
  return {
    // A second inside: the days around it are not meant.
    start: new Date(Date.parse(`${date(start)}T00:00:01Z`)),
    end: new Date(Date.parse(`${addDays(last, 1)}T00:00:00Z`) - 1_000),
  }
}

/** Events that have this UID. */
export async function findByUid(
  ctx: Context,
  calendar: string,
  uid: string,
): Promise<readonly { readonly path: string; readonly event: Component }[]> {
  const filter = `<C:prop-filter name="UID"><C:text-match collation="i;octet">${uid}</C:text-match></C:prop-filter>`
  const resources = await query(ctx, calendar, { filter, data: '<C:calendar-data/>' })
  return resources.flatMap(({ path, text }) => {
    const event = parseEvents(text).find((one) => lineOf(one, 'UID')?.value.trim() === uid)
    return event === undefined ? [] : [{ path, event }]
  })
}

/** @param given XML without anything of a caller's in it. */
async function query(
  ctx: Context,
  calendar: string,
  { filter, data }: { readonly filter: string; readonly data: string },
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const body = `<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:getetag/>${data}</D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${filter}</C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>`
  const { text } = await ask(ctx, {
    effect: 'read',
    method: 'REPORT',
    url: calendar,
    headers: { depth: '1', 'content-type': 'application/xml; charset=utf-8' },
    body,
  })
  return parseMultistatus(text).flatMap(({ path, properties }) =>
    properties.has('getetag') || properties.has('calendar-data')
      ? [{ path, text: textOf(properties.get('calendar-data')) }]
      : [],
  )
}
