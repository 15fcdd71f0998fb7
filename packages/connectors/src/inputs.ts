// What the actions of a noun take on every system. A connector extends one where its system knows
// more, and leaves out nothing without refusing it.

import { z } from 'zod'
import { ticketPriorities, ticketStatuses } from './records.ts'

/** A record's id as the system gave it: one path segment, never a path. */
export const RecordId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9_.:-]+$/)
  .refine((id) => !/^\.+$/.test(id), 'An id is not only dots')

/** Names of the system's own fields. */
export const PropertyNames = z
  .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.]{0,99}$/))
  .max(50)
  .default([])

/** Values for the system's own fields, by their names. */
export const Properties = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_.]{0,99}$/),
    z.union([z.string().max(65_536), z.number(), z.boolean(), z.null()]),
  )
  .default({})

export const email = z.email().max(254)
export const instant = z.iso.datetime({ offset: true })
const name = z.string().min(1).max(255)

export const FindByPhoneInput = z.object({
  /** As the call has it. What is no number finds nobody, and nothing is asked. */
  phone: z.string().max(256),
  properties: PropertyNames,
  /** When several records hold the number. `none` where personal data would be revealed. */
  on_many: z.enum(['newest', 'fail', 'none']).default('newest'),
})

export const GetInput = z.object({ id: RecordId, properties: PropertyNames })

/** Which of several things in common a contact is known by. */
export const ContactUpsertInput = z
  .object({
    email: email.optional(),
    phone: z.string().max(256).optional(),
    first_name: name.optional(),
    last_name: name.optional(),
    company: name.optional(),
    properties: Properties,
  })
  .refine((input) => input.email !== undefined || input.phone !== undefined, {
    error: 'A contact is known by an e-mail address or a phone number',
  })

export const CallLogInput = z.object({
  contact_id: RecordId.nullable().default(null),
  ticket_id: RecordId.nullable().default(null),
  direction: z.enum(['inbound', 'outbound']),
  from_number: z.string().max(256),
  to_number: z.string().max(256),
  started_at: instant,
  duration_seconds: z.number().min(0).max(86_400),
  title: z.string().min(1).max(255).default('Phone call'),
  summary: z.string().max(1_000_000).default(''),
  /** Turn by turn, each on its own line. Kept beside the summary where the system has room. */
  transcript: z.string().max(5_000_000).default(''),
  recording_url: z
    .url({ protocol: /^https$/ })
    .nullable()
    .default(null),
  /** Where the whole call can be read; what had to be cut ends with it. */
  link: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  owner_id: RecordId.nullable().default(null),
  properties: Properties,
})

export const TicketFindOpenInput = z.object({
  contact_id: RecordId,
  properties: PropertyNames,
})

export const TicketCreateInput = z.object({
  subject: z.string().min(1).max(255),
  description: z.string().max(65_536).default(''),
  contact_id: RecordId.nullable().default(null),
  priority: z.enum(ticketPriorities).nullable().default(null),
  owner_id: RecordId.nullable().default(null),
  properties: Properties,
})

export const TicketUpdateInput = z.object({
  id: RecordId,
  subject: z.string().min(1).max(255).optional(),
  status: z.enum(ticketStatuses).optional(),
  priority: z.enum(ticketPriorities).optional(),
  owner_id: RecordId.optional(),
  properties: Properties,
})

export const TicketResolveInput = z.object({ id: RecordId, properties: Properties })

export const NoteCreateInput = z.object({
  body: z.string().min(1).max(5_000_000),
  contact_id: RecordId.nullable().default(null),
  ticket_id: RecordId.nullable().default(null),
  owner_id: RecordId.nullable().default(null),
  link: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
})

export const TaskCreateInput = z.object({
  title: z.string().min(1).max(255),
  body: z.string().max(65_536).default(''),
  due_at: instant,
  contact_id: RecordId.nullable().default(null),
  ticket_id: RecordId.nullable().default(null),
  owner_id: RecordId.nullable().default(null),
  priority: z.enum(['low', 'normal', 'high']).default('normal'),
})

/** What a message to a team holds, in a chat that lays it out itself. */
export const MessageContent = z.object({
  text: z.string().min(1).max(1_000_000),
  title: z.string().min(1).max(150).nullable().default(null),
  /** Facts beside the text, such as who called, in the order in which they are given. */
  fields: z
    .record(z.string().min(1).max(100), z.string().max(1_000))
    .refine((fields) => Object.keys(fields).length <= 10, 'At most 10 fields')
    .default({}),
  /** Where the whole can be read or decided upon. */
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null),
  link_label: z.string().min(1).max(75).default('Open'),
})
