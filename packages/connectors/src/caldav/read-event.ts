// An event of a calendar's file to ours.

import { ConnectorFault, keyId } from '@bookend/core'
import { renderInZone } from '../booking/zone-time.ts'
import type { CalendarEvent } from '../records.ts'
import type { Context } from './ask.ts'
import { lineOf, parseCalendar, unescapeText, type Component } from './ical.ts'
import { readTime, spanOfEvent } from './ical-time.ts'

/** The UID is made of our key: so an event is found wherever it was moved to. */
export const uidOf = ({ subjectKey }: Context): string => `${keyId(subjectKey)}@bookend`

/** The events of a file: one, and where it repeats, those that differ. */
export function parseEvents(text: string): readonly Component[] {
  const events = parseCalendar(text)?.parts.filter(({ name }) => name === 'VEVENT') ?? []
  if (events.length === 0) throw new ConnectorFault({ kind: 'retry', detail: 'not_an_event' })
  return events
}

/** Whether it says when it happens again, in place of every time it does. */
export const repeats = (event: Component): boolean =>
  lineOf(event, 'RRULE') !== undefined || lineOf(event, 'RDATE') !== undefined

export const takesTime = (event: Component): boolean =>
  lineOf(event, 'TRANSP')?.value.toUpperCase() !== 'TRANSPARENT' && statusOf(event) !== 'cancelled'

const STATUSES = { CONFIRMED: 'confirmed', TENTATIVE: 'tentative', CANCELLED: 'cancelled' } as const

function statusOf(event: Component): CalendarEvent['status'] {
  const word = lineOf(event, 'STATUS')?.value.trim().toUpperCase() ?? ''
  return word in STATUSES ? STATUSES[word as keyof typeof STATUSES] : 'confirmed'
}

export function readEvent(
  { settings: { time_zone: zone } }: Context,
  event: Component,
  { id, url }: { readonly id: string; readonly url: string | null },
): CalendarEvent {
  const text = (name: string): string | null => {
    const line = lineOf(event, name)
    return line === undefined || line.value === '' ? null : unescapeText(line.value)
  }
  const span = spanOfEvent(event, zone)
  if (span === null) throw new ConnectorFault({ kind: 'refused', detail: 'event_without_start' })
  const changed = lineOf(event, 'LAST-MODIFIED') ?? lineOf(event, 'DTSTAMP')
  return {
    id,
    title: text('SUMMARY'),
    description: text('DESCRIPTION'),
    location: text('LOCATION'),
    start: renderInZone(zone, span.start),
    end: renderInZone(zone, span.end),
    all_day: span.isAllDay,
    zone,
    status: statusOf(event),
    attendees: event.lines
      .filter(({ name, value }) => name === 'ATTENDEE' && /^mailto:/i.test(value))
      .map(({ value, params }) => ({
        email: value.slice('mailto:'.length),
        name: params.get('CN') ?? null,
      })),
    url,
    updated_at: changed === undefined ? null : (readTime(changed, 'UTC')?.toISOString() ?? null),
  }
}
