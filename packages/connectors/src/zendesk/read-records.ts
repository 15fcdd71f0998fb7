// Zendesk's users and tickets as Bookend's records.

import type { FaultVerdict } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { z } from 'zod'
import type { Contact, Ticket } from '../records.ts'
import { type ZendeskSettings, hostOf } from './schema.ts'

/** More digits than a number holds come as text. */
const Id = z.union([z.number().int(), z.string().min(1)]).transform(String)
const text = z.string().nullable().default(null)
const id = Id.nullable().default(null)

const UserAnswer = z.object({
  id: Id,
  name: z.string(),
  email: text,
  phone: text,
  shared_phone_number: z.boolean().nullable().default(null),
  external_id: text,
  active: z.boolean().default(true),
  organization_id: id,
  locale: text,
  time_zone: text,
  notes: text,
  details: text,
  tags: z.array(z.string()).default([]),
  user_fields: z.record(z.string(), z.json()).nullable().default(null),
  updated_at: text,
})
export type User = z.output<typeof UserAnswer>

const TicketAnswer = z.object({
  id: Id,
  subject: text,
  description: text,
  status: z.string(),
  priority: text,
  type: text,
  requester_id: id,
  assignee_id: id,
  group_id: id,
  organization_id: id,
  external_id: text,
  due_at: text,
  tags: z.array(z.string()).default([]),
  custom_fields: z.array(z.object({ id: Id, value: z.json().default(null) })).default([]),
  created_at: text,
  updated_at: text,
})
export type TicketAnswer = z.output<typeof TicketAnswer>

const Answers = {
  user: z.object({ user: UserAnswer }),
  users: z.object({ users: z.array(UserAnswer) }),
  ticket: z.object({ ticket: TicketAnswer }),
  tickets: z.object({ tickets: z.array(TicketAnswer) }),
} as const

/** @throws {ConnectorFault} The verdict is the caller's: only it knows what was asked. */
export function readAnswer<Name extends keyof typeof Answers>(
  name: Name,
  body: unknown,
  fault: FaultVerdict,
): z.output<(typeof Answers)[Name]> {
  const { success, data } = Answers[name].safeParse(body)
  if (!success) throw new ConnectorFault(fault)
  return data as z.output<(typeof Answers)[Name]>
}

export function readContact(
  user: User,
  settings: ZendeskSettings,
  asked: readonly string[],
  how: Pick<Contact, 'matches' | 'assurance'>,
): Contact {
  return {
    id: user.id,
    name: user.name === '' ? null : user.name,
    ...splitName(user.name),
    email: user.email || null,
    phones: user.phone ? [user.phone] : [],
    company: null,
    owner_id: null,
    url: `${hostOf(settings)}/agent/users/${user.id}`,
    updated_at: instantOf(user.updated_at),
    fields: Object.fromEntries(asked.map((name) => [name, fieldOfUser(user, name)])),
    ...how,
  }
}

/** Zendesk has one name; one with a digit in it stands for a number and not for a person. */
function splitName(name: string): Pick<Contact, 'first_name' | 'last_name'> {
  const [first = '', ...rest] = /\d/.test(name) ? [] : name.trim().split(/\s+/)
  return { first_name: first || null, last_name: rest.join(' ') || null }
}

type Json = z.output<ReturnType<typeof z.json>>

const OWN_OF_USER = [
  'external_id',
  'organization_id',
  'locale',
  'time_zone',
  'notes',
  'details',
  'tags',
] as const
const OWN_OF_TICKET = [
  'description',
  'type',
  'group_id',
  'organization_id',
  'external_id',
  'due_at',
  'tags',
] as const

function fieldOfUser(user: User, name: string): Json {
  const own = OWN_OF_USER.find((one) => one === name)
  return own === undefined ? (user.user_fields?.[name] ?? null) : user[own]
}

function fieldOfTicket(ticket: TicketAnswer, name: string): Json {
  const own = OWN_OF_TICKET.find((one) => one === name)
  if (own !== undefined) return ticket[own]
  return ticket.custom_fields.find((field) => `field_${field.id}` === name)?.value ?? null
}

const STATUS: Readonly<Record<string, Ticket['status']>> = {
  pending: 'pending',
  hold: 'pending',
  solved: 'solved',
  closed: 'closed',
}

const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const

export function readTicket(
  found: TicketAnswer,
  settings: ZendeskSettings,
  asked: readonly string[],
): Ticket {
  return {
    id: found.id,
    number: found.id,
    subject: found.subject || null,
    // `new`, and what was made since: nobody has said that it is over.
    status: STATUS[found.status] ?? 'open',
    priority: PRIORITIES.find((one) => one === found.priority) ?? null,
    requester_id: found.requester_id,
    assignee_id: found.assignee_id,
    url: linkTo(settings, found.id),
    created_at: instantOf(found.created_at),
    updated_at: instantOf(found.updated_at),
    fields: Object.fromEntries(asked.map((name) => [name, fieldOfTicket(found, name)])),
  }
}

export const linkTo = (settings: ZendeskSettings, ticket: string): string =>
  `${hostOf(settings)}/agent/tickets/${ticket}`

function instantOf(value: string | null): string | null {
  const at = new Date(value ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
