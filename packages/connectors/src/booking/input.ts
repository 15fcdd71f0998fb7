// What the actions of slots and events take, in every calendar.

import { CalendarSchema } from '@bookend/core'
import { z } from 'zod'
import { email, instant } from '../inputs.ts'
import { eventStatuses } from '../records.ts'

export const Zone = CalendarSchema.shape.zone.describe('A time zone, such as Europe/Berlin')

/** Which calendar; null is the connection's own. */
const calendar = z.string().min(1).max(254).nullable().default(null)
const minutes = z.number().int()

export const SlotFindInput = z.object({
  calendar,
  /** Null: now. */
  from: instant.nullable().default(null),
  /** So many days are looked at. */
  days: z.number().int().min(1).max(62).default(14),
  duration_minutes: minutes.min(5).max(1_440).default(30),
  /** Between one start and the next; the duration where it is left out. */
  step_minutes: minutes.min(5).max(1_440).nullable().default(null),
  /** Kept free before and after. */
  buffer_minutes: minutes.min(0).max(240).default(0),
  /** Nothing begins sooner than this from now. */
  notice_minutes: minutes.min(0).max(20_160).default(0),
  /** Null: the connection's. */
  zone: Zone.nullable().default(null),
  /** By weekday, such as `mon: ['09:00-12:30', '13:30-17:00']`; a day that is left out is closed. */
  hours: CalendarSchema.shape.open.prefault({
    mon: ['09:00-17:00'],
    tue: ['09:00-17:00'],
    wed: ['09:00-17:00'],
    thu: ['09:00-17:00'],
    fri: ['09:00-17:00'],
  }),
  /** Days on which nobody is there. */
  closed: CalendarSchema.shape.closed,
  limit: z.number().int().min(1).max(20).default(3),
  /** At most so many of one day. */
  per_day: z.number().int().min(1).max(20).nullable().default(null),
})

const Attendee = z.object({
  email,
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^\r\n"]*$/, 'A name is one line without quotes')
    .nullable()
    .default(null),
})

const title = z.string().min(1).max(255)
const description = z.string().max(8_000)
const location = z.string().max(255)
const attendees = z.array(Attendee).max(20)
/** Whether the calendar writes to the attendees. */
const notify = z.boolean().default(false)
/** Refuses a time at which the calendar has something else. */
const exclusive = z.boolean().default(true)

const DURATION_MAX_MS = 7 * 86_400_000

const isSpan = ({ start, end }: { readonly start: string; readonly end: string }): boolean => {
  const lengthMs = Date.parse(end) - Date.parse(start)
  return lengthMs > 0 && lengthMs <= DURATION_MAX_MS
}

export const EventCreateInput = z
  .object({
    calendar,
    title,
    description: description.default(''),
    location: location.default(''),
    /** As a slot has them. */
    start: instant,
    end: instant,
    zone: Zone.nullable().default(null),
    status: z.enum(eventStatuses).exclude(['cancelled']).default('confirmed'),
    attendees: attendees.default([]),
    notify,
    exclusive,
  })
  .refine(isSpan, 'An event ends after it starts, within 7 days')

export const EventUpdateInput = z
  .object({
    calendar,
    id: z.string().regex(/^[A-Za-z0-9_.@-]{1,255}$/),
    title: title.optional(),
    description: description.optional(),
    location: location.optional(),
    /** Both, or neither. */
    start: instant.optional(),
    end: instant.optional(),
    zone: Zone.nullable().default(null),
    status: z.enum(eventStatuses).exclude(['cancelled']).optional(),
    attendees: attendees.optional(),
    notify,
    exclusive,
  })
  .refine(({ start, end }) => (start === undefined) === (end === undefined), {
    error: 'A time is both start and end',
  })
  .refine(
    ({ start, end }) => start === undefined || end === undefined || isSpan({ start, end }),
    'An event ends after it starts, within 7 days',
  )

export const EventInput = z.object({ calendar, id: EventUpdateInput.shape.id })
export const EventCancelInput = EventInput.extend({ notify })

export type SlotFindInput = z.output<typeof SlotFindInput>
export type EventCreateInput = z.output<typeof EventCreateInput>
export type EventUpdateInput = z.output<typeof EventUpdateInput>
