// Our event into a calendar's file: a new one, or what changes in one that is there.
//
// F1. Times are UTC: every reader knows them, and none needs a zone's rules.
// F2. Of a file that is there everything stays that is not changed: alarms, zones, others' properties.

import { ConnectorFault } from '@bookend/core'
import type { EventCreateInput, EventUpdateInput } from '../booking/input.ts'
import { type Context } from './ask.ts'
import {
  escapeText,
  lineOf,
  newLine,
  parseCalendar,
  renderCalendar,
  type Component,
  type Line,
} from './ical.ts'
import { renderUtc } from './ical-time.ts'
import { readEvent, repeats, uidOf } from './read-event.ts'

export function renderNew(ctx: Context, input: EventCreateInput): string {
  const now = renderUtc(ctx.now())
  const event: Component = {
    name: 'VEVENT',
    parts: [],
    lines: [
      newLine('UID', uidOf(ctx)),
      newLine('DTSTAMP', now),
      newLine('CREATED', now),
      newLine('LAST-MODIFIED', now),
      newLine('SEQUENCE', '0'),
      ...timeLines(input),
      newLine('SUMMARY', escapeText(input.title)),
      ...textLines('DESCRIPTION', input.description),
      ...textLines('LOCATION', input.location),
      newLine('STATUS', input.status.toUpperCase()),
      newLine('TRANSP', 'OPAQUE'),
      ...attendeeLines(ctx, input.attendees, input.notify),
    ],
  }
  const lines = [newLine('VERSION', '2.0'), newLine('PRODID', '-//Bookend//Bookend//EN')]
  return renderCalendar({ name: 'VCALENDAR', lines, parts: [event] })
}

/** Null: it is as wanted already. @throws {ConnectorFault} What repeats is not moved. */
export function renderChanged(ctx: Context, text: string, input: EventUpdateInput): string | null {
  const root = parseCalendar(text)
  const event = root?.parts.find(({ name }) => name === 'VEVENT')
  if (root === null || event === undefined) {
    throw new ConnectorFault({ kind: 'retry', detail: 'not_an_event' })
  }
  const changes = changesOf(ctx, event, input)
  if (changes.size === 0) return null
  if (changes.has('DTSTART') && repeats(event)) {
    throw new ConnectorFault({ kind: 'refused', detail: 'event_repeats' })
  }
  const now = renderUtc(ctx.now())
  const sequence = Number(lineOf(event, 'SEQUENCE')?.value ?? 0) || 0
  changes.set('SEQUENCE', [newLine('SEQUENCE', String(sequence + 1))])
  for (const name of ['DTSTAMP', 'LAST-MODIFIED']) changes.set(name, [newLine(name, now)])
  const kept = event.lines.filter(({ name }) => !changes.has(name))
  const changed = { ...event, lines: [...kept, ...[...changes.values()].flat()] }
  const parts = root.parts.map((part) => (part === event ? changed : part))
  return renderCalendar({ ...root, parts })
}

/** By the name of the property that is replaced. */
function changesOf(
  ctx: Context,
  event: Component,
  input: EventUpdateInput,
): Map<string, readonly Line[]> {
  const was = readEvent(ctx, event, { id: input.id, url: null })
  const changes = new Map<string, readonly Line[]>()
  const { title, description, location, status, start, end, attendees } = input
  const texts = [
    ['SUMMARY', was.title, title],
    ['DESCRIPTION', was.description, description],
    ['LOCATION', was.location, location],
  ] as const
  for (const [name, now, wanted] of texts) {
    if (wanted !== undefined && escapeText(wanted) !== escapeText(now ?? '')) {
      changes.set(name, textLines(name, wanted))
    }
  }
  if (status !== undefined && status !== was.status) {
    changes.set('STATUS', [newLine('STATUS', status.toUpperCase())])
  }
  if (start !== undefined && end !== undefined) {
    const isSame =
      !was.all_day &&
      Date.parse(was.start) === Date.parse(start) &&
      Date.parse(was.end) === Date.parse(end)
    if (!isSame) {
      const [from, to] = timeLines({ start, end })
      changes.set('DTSTART', [from]).set('DTEND', [to]).set('DURATION', [])
    }
  }
  if (attendees !== undefined) {
    const emails = (all: readonly { readonly email: string }[]): string =>
      JSON.stringify(all.map(({ email }) => email.toLowerCase()).toSorted())
    if (emails(was.attendees) !== emails(attendees)) {
      const lines = attendeeLines(ctx, attendees, input.notify)
      changes.set(
        'ATTENDEE',
        lines.filter(({ name }) => name === 'ATTENDEE'),
      )
      if (lineOf(event, 'ORGANIZER') === undefined) {
        changes.set(
          'ORGANIZER',
          lines.filter(({ name }) => name === 'ORGANIZER'),
        )
      }
    }
  }
  return changes
}

function timeLines({
  start,
  end,
}: {
  readonly start: string
  readonly end: string
}): readonly [Line, Line] {
  return [
    newLine('DTSTART', renderUtc(new Date(start))),
    newLine('DTEND', renderUtc(new Date(end))),
  ]
}

const textLines = (name: string, text: string): readonly Line[] =>
  text === '' ? [] : [newLine(name, escapeText(text))]

/** Without `notify` the server is told to write to nobody (RFC 6638). */
function attendeeLines(
  { settings: { organizer } }: Context,
  attendees: EventCreateInput['attendees'],
  notify: boolean,
): readonly Line[] {
  if (attendees.length === 0) return []
  if (organizer === null) {
    throw new ConnectorFault({ kind: 'refused', detail: 'attendees_need_an_organizer' })
  }
  const quiet: Readonly<Record<string, string>> = notify ? {} : { 'SCHEDULE-AGENT': 'NONE' }
  return [
    newLine('ORGANIZER', `mailto:${organizer}`, quiet),
    ...attendees.map(({ email, name }) =>
      newLine('ATTENDEE', `mailto:${email}`, {
        ...(name === null ? {} : { CN: name }),
        ...quiet,
        RSVP: 'TRUE',
      }),
    ),
  ]
}
