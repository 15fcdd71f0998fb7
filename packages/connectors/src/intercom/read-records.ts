// Intercom's contacts, tickets and conversations as Bookend's records. Its times are seconds.

import { z } from 'zod'
import type { Contact, Ticket } from '../records.ts'
import { type Conversation, type IntercomSettings, appOf } from './schema.ts'

const text = z.string().nullable().default(null)
const seconds = z.number().nullable().default(null)
const id = z
  .union([z.string(), z.number().int().transform(String)])
  .nullable()
  .default(null)
const attributes = z.record(z.string(), z.json()).nullable().default(null)

export const ContactAnswer = z.object({
  type: z.literal('contact'),
  id: z.string().min(1),
  workspace_id: text,
  external_id: text,
  role: text,
  email: text,
  phone: text,
  name: text,
  owner_id: id,
  custom_attributes: attributes,
  updated_at: seconds,
})
export type ContactAnswer = z.output<typeof ContactAnswer>

export const ContactsAnswer = z.object({ data: z.array(ContactAnswer) })

export const TicketAnswer = z.object({
  type: z.literal('ticket'),
  id: z.string().min(1),
  ticket_id: text,
  ticket_attributes: attributes,
  ticket_state: z.object({ category: text }).nullable().default(null),
  ticket_type: z.object({ workspace_id: text }).nullable().default(null),
  contacts: z
    .object({ contacts: z.array(z.object({ id: z.string() })).default([]) })
    .nullable()
    .default(null),
  admin_assignee_id: id,
  open: z.boolean().nullable().default(null),
  created_at: seconds,
  updated_at: seconds,
  ticket_parts: z
    .object({
      ticket_parts: z.array(z.object({ id: z.string(), body: text })).default([]),
    })
    .nullable()
    .default(null),
})
export type TicketAnswer = z.output<typeof TicketAnswer>

export const TicketsAnswer = z.object({ tickets: z.array(TicketAnswer) })

export const ConversationsAnswer = z.object({
  conversations: z.array(
    z.object({
      id: z.string().min(1),
      title: text,
      state: text,
      open: z.boolean().default(true),
      admin_assignee_id: id,
      created_at: seconds,
      updated_at: seconds,
    }),
  ),
})

export function readContact(
  found: ContactAnswer,
  settings: IntercomSettings,
  asked: readonly string[],
  how: Pick<Contact, 'matches' | 'assurance'>,
): Contact {
  const { workspace_id: workspace } = found
  return {
    id: found.id,
    name: found.name || null,
    ...splitName(found.name ?? ''),
    email: found.email || null,
    phones: found.phone ? [found.phone] : [],
    company: null,
    owner_id: found.owner_id,
    url: workspace === null ? null : `${appOf(settings)}/a/apps/${workspace}/users/${found.id}`,
    updated_at: instantOf(found.updated_at),
    fields: fieldsOf(found.custom_attributes, asked),
    ...how,
  }
}

/** Intercom has one name; one with a digit in it stands for a number and not for a person. */
function splitName(name: string): Pick<Contact, 'first_name' | 'last_name'> {
  const [first = '', ...rest] = /\d/.test(name) ? [] : name.trim().split(/\s+/)
  return { first_name: first || null, last_name: rest.join(' ') || null }
}

export function readTicket(
  found: TicketAnswer,
  settings: IntercomSettings,
  asked: readonly string[],
): Ticket {
  const title = found.ticket_attributes?.['_default_title_']
  const workspace = found.ticket_type?.workspace_id ?? null
  return {
    id: found.id,
    number: found.ticket_id ?? found.id,
    subject: typeof title === 'string' && title !== '' ? title : null,
    status: statusOf(found),
    priority: null,
    requester_id: found.contacts?.contacts[0]?.id ?? null,
    // Nobody is `0` to Intercom.
    assignee_id: found.admin_assignee_id === '0' ? null : found.admin_assignee_id,
    url:
      workspace === null
        ? null
        : `${appOf(settings)}/a/inbox/${workspace}/inbox/conversation/${found.id}`,
    created_at: instantOf(found.created_at),
    updated_at: instantOf(found.updated_at),
    fields: fieldsOf(found.ticket_attributes, asked),
  }
}

function statusOf({ open, ticket_state: state }: TicketAnswer): Ticket['status'] {
  if (state?.category === 'resolved') return 'solved'
  if (open === false) return 'closed'
  return state?.category === 'waiting_on_customer' ? 'pending' : 'open'
}

export const readConversation = (
  found: z.output<typeof ConversationsAnswer>['conversations'][number],
): Conversation => ({
  id: found.id,
  subject: found.title || null,
  status: found.state === 'snoozed' ? 'pending' : found.open ? 'open' : 'closed',
  assignee_id: found.admin_assignee_id === '0' ? null : found.admin_assignee_id,
  url: null,
  created_at: instantOf(found.created_at),
  updated_at: instantOf(found.updated_at),
})

type Attributes = ContactAnswer['custom_attributes']

const fieldsOf = (own: Attributes, asked: readonly string[]): NonNullable<Attributes> =>
  Object.fromEntries(asked.map((name) => [name, own?.[name] ?? null]))

function instantOf(value: number | null): string | null {
  const at = new Date((value ?? Number.NaN) * 1_000)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
