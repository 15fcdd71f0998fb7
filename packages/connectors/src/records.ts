// What a noun means on every system, so that a workflow can say `crm.contact.find_by_phone` and the
// connection decides whose contact it is. Names are those of the wire: authors read them.

import { z } from 'zod'

const id = z.string().min(1)
const url = z.string().nullable()
const instant = z.iso.datetime({ offset: true }).nullable()

/** Only what the input's `properties` asked for; null where the record has no such value. */
const fields = z.record(z.string(), z.json())

/**
 * How sure it is that the record is the caller's. A number is a hint and no proof: `low` is found by
 * number alone, `none` by a number that several share, `high` by an id or an address that we hold.
 */
export const assurances = ['none', 'low', 'high'] as const

export const Contact = z.object({
  id,
  name: z.string().nullable(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  email: z.string().nullable(),
  /** As they are stored. */
  phones: z.array(z.string()),
  company: z.string().nullable(),
  owner_id: z.string().nullable(),
  url,
  updated_at: instant,
  fields,
  /** How many records hold the number; 1 where the record was asked for by its id. */
  matches: z.number().int().min(1),
  assurance: z.enum(assurances),
})

export const ticketStatuses = ['open', 'pending', 'solved', 'closed'] as const
export const ticketPriorities = ['low', 'normal', 'high', 'urgent'] as const

export const Ticket = z.object({
  id,
  /** What people call it; the id where the system knows no other. */
  number: z.string(),
  subject: z.string().nullable(),
  status: z.enum(ticketStatuses),
  priority: z.enum(ticketPriorities).nullable(),
  requester_id: z.string().nullable(),
  assignee_id: z.string().nullable(),
  url,
  created_at: instant,
  updated_at: instant,
  fields,
})

export const CallLog = z.object({ id, url })
export const Note = z.object({ id, url })
export const Task = z.object({ id, url })

/** `status` is the system's own word. */
export const Message = z.object({ id, status: z.string() })

export const Person = z.object({ id, name: z.string().nullable(), email: z.string().nullable() })

const moment = z.iso.datetime({ offset: true })

/** A time that is free. `start` and `end` carry the offset of the zone's clocks at that moment. */
export const Slot = z.object({
  start: moment,
  end: moment,
  zone: z.string(),
  weekday: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
  /** As the clocks there show them: `2026-03-30`, `09:30`. */
  date: z.iso.date(),
  time: z.string(),
})

export const eventStatuses = ['confirmed', 'tentative', 'cancelled'] as const

export const CalendarEvent = z.object({
  id,
  title: z.string().nullable(),
  description: z.string().nullable(),
  location: z.string().nullable(),
  /** Of one that lasts whole days: midnight by the clocks of `zone`. */
  start: moment,
  end: moment,
  all_day: z.boolean(),
  zone: z.string(),
  status: z.enum(eventStatuses),
  attendees: z.array(z.object({ email: z.string(), name: z.string().nullable() })),
  url,
  updated_at: instant,
})

export type Contact = z.output<typeof Contact>
export type Ticket = z.output<typeof Ticket>
export type TicketStatus = Ticket['status']
export type TicketPriority = NonNullable<Ticket['priority']>
export type CallLog = z.output<typeof CallLog>
export type Note = z.output<typeof Note>
export type Task = z.output<typeof Task>
export type Message = z.output<typeof Message>
export type Person = z.output<typeof Person>
export type Slot = z.output<typeof Slot>
export type CalendarEvent = z.output<typeof CalendarEvent>
