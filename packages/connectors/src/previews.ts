// What a dry run answers where a system would answer with a record.

import type { z } from 'zod'
import type { ContactUpsertInput } from './inputs.ts'
import type { Contact, Ticket } from './records.ts'

type Names = Pick<z.output<typeof ContactUpsertInput>, 'first_name' | 'last_name'>

/** `null` for a contact without a name. */
export function fullName({ first_name: first, last_name: last }: Names): string | null {
  const name = [first, last].filter((part) => part !== undefined && part !== '').join(' ')
  return name === '' ? null : name
}

export const dryContact = (
  input: z.output<typeof ContactUpsertInput>,
): z.output<typeof Contact> => ({
  id: 'dry_contact',
  name: fullName(input),
  first_name: input.first_name ?? null,
  last_name: input.last_name ?? null,
  email: input.email ?? null,
  phones: input.phone === undefined ? [] : [input.phone],
  company: input.company ?? null,
  owner_id: null,
  url: null,
  updated_at: null,
  fields: {},
  matches: 1,
  assurance: 'high',
})

export const dryTicket = (
  id: string,
  known: Partial<z.output<typeof Ticket>> = {},
): z.output<typeof Ticket> => ({
  id,
  number: id,
  subject: null,
  status: 'open',
  priority: null,
  requester_id: null,
  assignee_id: null,
  url: null,
  created_at: null,
  updated_at: null,
  fields: {},
  ...known,
})
