// Google's event to ours.

import { ConnectorFault, keyId, maybeDone, type Effect } from '@bookend/core'
import { z } from 'zod'
import type { Booked } from '../booking/book.ts'
import { renderInZone, startOfDay } from '../booking/zone-time.ts'
import type { CalendarEvent } from '../records.ts'
import type { Context } from './rest.ts'

/** The name under which an event carries our key. */
export const KEY_PROPERTY = 'bookend_key'

export const keyOf = ({ subjectKey }: Context): string => keyId(subjectKey)

const Moment = z.union([
  z.object({ dateTime: z.iso.datetime({ offset: true }) }),
  z.object({ date: z.iso.date() }),
])

const GoogleEvent = z.object({
  id: z.string().min(1),
  etag: z.string().optional(),
  status: z.enum(['confirmed', 'tentative', 'cancelled']).default('confirmed'),
  summary: z.string().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  htmlLink: z.string().optional(),
  updated: z.iso.datetime({ offset: true }).optional(),
  start: Moment.optional(),
  end: Moment.optional(),
  transparency: z.string().optional(),
  attendees: z
    .array(
      z.object({
        email: z.string().optional(),
        displayName: z.string().optional(),
        self: z.boolean().optional(),
        responseStatus: z.string().optional(),
      }),
    )
    .default([]),
  extendedProperties: z
    .object({ private: z.record(z.string(), z.string()).default({}) })
    .optional(),
})
export type GoogleEvent = z.output<typeof GoogleEvent>

const Events = z.object({ items: z.array(GoogleEvent) })

export function parseEvent(body: unknown, effect: Effect): GoogleEvent {
  const { success, data } = GoogleEvent.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone(effect, 'not_an_event'))
  return data
}

export function parseEvents(body: unknown): readonly GoogleEvent[] {
  const { success, data } = Events.safeParse(body)
  if (!success) throw new ConnectorFault({ kind: 'retry', detail: 'not_events' })
  return data.items
}

export function readEvent(ctx: Context, found: GoogleEvent): CalendarEvent {
  const zone = ctx.settings.time_zone
  // One that was cancelled may have nothing but its id.
  const start = momentOf(zone, found.start) ?? new Date(0)
  return {
    id: found.id,
    title: found.summary ?? null,
    description: found.description ?? null,
    location: found.location ?? null,
    start: renderInZone(zone, start),
    end: renderInZone(zone, momentOf(zone, found.end) ?? start),
    all_day: found.start !== undefined && 'date' in found.start,
    zone,
    status: found.status,
    attendees: found.attendees.flatMap(({ email, displayName }) =>
      email === undefined ? [] : [{ email, name: displayName ?? null }],
    ),
    url: found.htmlLink ?? null,
    updated_at: found.updated ?? null,
  }
}

const momentOf = (zone: string, moment: GoogleEvent['start']): Date | null => {
  if (moment === undefined) return null
  return 'date' in moment ? startOfDay(zone, moment.date) : new Date(moment.dateTime)
}

export const readBooked = (ctx: Context, found: GoogleEvent): Booked => ({
  event: readEvent(ctx, found),
  isOwn: found.extendedProperties?.private[KEY_PROPERTY] === keyOf(ctx),
})

/** Whether it takes up the time of the calendar's owner. */
export const takesTime = ({ status, transparency, attendees }: GoogleEvent): boolean =>
  status !== 'cancelled' &&
  transparency !== 'transparent' &&
  !attendees.some(({ self, responseStatus }) => self === true && responseStatus === 'declined')
