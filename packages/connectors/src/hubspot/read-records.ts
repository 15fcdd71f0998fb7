// HubSpot's objects as Bookend's records. All of its values are texts.

import { ConnectorFault } from '@bookend/core'
import { z } from 'zod'
import type { Contact, Ticket, TicketPriority } from '../records.ts'
import type { HubspotSettings } from './schema.ts'

const ObjectAnswer = z.object({
  id: z.string().min(1),
  properties: z.record(z.string(), z.string().nullable()).default({}),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
})
export type HubspotObject = z.output<typeof ObjectAnswer>

const ListAnswer = z.object({ results: z.array(ObjectAnswer) })

/** @throws {ConnectorFault} The verdict is the caller's: only it knows what was asked. */
export function readObject(body: unknown, fault: ConnectorFault['verdict']): HubspotObject {
  const { success, data } = ObjectAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(fault)
  return data
}

export function readObjects(
  body: unknown,
  fault: ConnectorFault['verdict'],
): readonly HubspotObject[] {
  const { success, data } = ListAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(fault)
  return data.results
}

/** The numbers by which HubSpot's own addresses name its objects. */
const TYPE_IDS = { contacts: '0-1', tickets: '0-5', calls: '0-48', notes: '0-46', tasks: '0-27' }

export function linkTo(
  { portal_id: portal }: HubspotSettings,
  type: keyof typeof TYPE_IDS,
  id: string,
): string | null {
  if (portal === null) return null
  return `https://app.hubspot.com/contacts/${portal}/record/${TYPE_IDS[type]}/${id}`
}

export const contactProperties = (
  { phone_property: own }: HubspotSettings,
  asked: readonly string[],
): readonly string[] => [...new Set([...CONTACT, ...(own === null ? [] : [own]), ...asked])]

const CONTACT = [
  'email',
  'phone',
  'mobilephone',
  'firstname',
  'lastname',
  'company',
  'hubspot_owner_id',
]

export function phonesOf(
  { properties }: HubspotObject,
  { phone_property: own }: HubspotSettings,
): readonly string[] {
  const names = ['phone', 'mobilephone', ...(own === null ? [] : [own])]
  return [...new Set(names.flatMap((name) => properties[name]?.trim() || []))]
}

export function readContact(
  found: HubspotObject,
  settings: HubspotSettings,
  asked: readonly string[],
  how: Pick<Contact, 'matches' | 'assurance'>,
): Contact {
  const text = textsOf(found)
  const [first, last] = [text('firstname'), text('lastname')]
  const name = [first, last].filter((part) => part !== null).join(' ')
  return {
    id: found.id,
    name: name === '' ? null : name,
    first_name: first,
    last_name: last,
    email: text('email'),
    phones: [...phonesOf(found, settings)],
    company: text('company'),
    owner_id: text('hubspot_owner_id'),
    url: linkTo(settings, 'contacts', found.id),
    updated_at: instantOf(found.updatedAt),
    fields: fieldsOf(found, asked),
    ...how,
  }
}

export const ticketProperties = (asked: readonly string[]): readonly string[] => [
  ...new Set([
    'subject',
    'hs_pipeline',
    'hs_pipeline_stage',
    'hs_ticket_priority',
    'hubspot_owner_id',
    ...asked,
  ]),
]

const PRIORITY: Readonly<Record<string, TicketPriority>> = {
  LOW: 'low',
  MEDIUM: 'normal',
  HIGH: 'high',
  URGENT: 'urgent',
}

export function readTicket(
  found: HubspotObject,
  settings: HubspotSettings,
  asked: readonly string[],
  requesterId: string | null = null,
): Ticket {
  const text = textsOf(found)
  return {
    id: found.id,
    number: found.id,
    subject: text('subject'),
    // Of another pipeline, or a stage made since: nobody has said that it is over.
    status: settings.ticket_stages[text('hs_pipeline_stage') ?? ''] ?? 'open',
    priority: PRIORITY[text('hs_ticket_priority') ?? ''] ?? null,
    requester_id: requesterId,
    assignee_id: text('hubspot_owner_id'),
    url: linkTo(settings, 'tickets', found.id),
    created_at: instantOf(found.createdAt),
    updated_at: instantOf(found.updatedAt),
    fields: fieldsOf(found, asked),
  }
}

/** An empty text is how HubSpot says that there is none. */
const textsOf =
  ({ properties }: HubspotObject) =>
  (name: string): string | null =>
    properties[name] || null

const fieldsOf = (
  { properties }: HubspotObject,
  asked: readonly string[],
): Record<string, string | null> =>
  Object.fromEntries(asked.map((name) => [name, properties[name] ?? null]))

function instantOf(text: string | undefined): string | null {
  const at = new Date(text ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}
