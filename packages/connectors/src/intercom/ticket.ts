// Tickets.
//
// T1. Intercom takes no key with a ticket, and its search sees a new one only after minutes: what may
//     have been made is not made again by itself, and waits for a person.
// T2. A ticket's description ends with our mark all the same. Who has it made again later, or replays
//     the run, is given the one that there is.

import { action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { nullIfMissing, openOnes } from '../finding.ts'
import { dryTicket } from '../previews.ts'
import { GetInput } from '../inputs.ts'
import { Ticket } from '../records.ts'
import { TicketAnswer, TicketsAnswer, readTicket } from './read-records.ts'
import { type Context, exchange, parseAnswer, refuse } from './rest.ts'
import {
  AssignInput,
  CreateTicketInput,
  FindOpenInput,
  type IntercomSettings,
  ResolveTicketInput,
  UpdateTicketInput,
} from './schema.ts'
import { search } from './search.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
const DESCRIPTION_MAX = 60_000

export const ticketGet = action({
  effect: 'read',
  input: z.object({ ...GetInput.shape, properties: FindOpenInput.shape.properties }),
  output: Ticket.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id, properties }) => {
    return await nullIfMissing(async () => {
      return readTicket(await getTicket(ctx, id), ctx.settings, properties)
    })
  },
})

export async function getTicket(ctx: Context, id: string): Promise<TicketAnswer> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: ['tickets', id],
    maxBodyBytes: 1_048_576,
  })
  return parseAnswer(TicketAnswer, body, maybeDone('read', 'invalid_body'))
}

export const ticketFindOpen = action({
  effect: 'read',
  input: FindOpenInput,
  output: z.array(Ticket),
  timeoutMs: READ_MS,
  bucket: 'search',
  run: async (ctx: Context, { contact_id: contact, properties }) => {
    const filters = [ofContact(contact), { field: 'open', operator: '=', value: true }] as const
    const { tickets } = await search(ctx, 'tickets', 'AND', filters, TicketsAnswer)
    return openOnes(tickets.map((found) => readTicket(found, ctx.settings, properties)))
  },
})

const ofContact = (id: string) => ({ field: 'contact_ids', operator: '=', value: id }) as const

export const ticketCreate = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'subject' },
  input: CreateTicketInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ subject, contact_id: requester_id }) =>
    dryTicket('dry_ticket', {
      subject,
      requester_id,
    }),
  run: async (ctx: Context, input) => {
    const type = ctx.settings.ticket_type_id ?? refuse('ticket_type_not_set')
    const contact = input.contact_id ?? refuse('ticket_needs_a_contact')
    if (input.priority !== null) refuse('tickets_have_no_priority')
    const mark = `[bookend:${ctx.subjectKey}]`
    const asked = Object.keys(input.properties)
    const found = await findMarked(ctx, contact, mark)
    if (found !== null) return readTicket(found, ctx.settings, asked)
    const end = `\n${mark}`
    const { body } = await exchange(ctx, {
      effect: 'write',
      method: 'POST',
      path: ['tickets'],
      body: {
        json: {
          ticket_type_id: type,
          contacts: [{ id: contact }],
          ticket_attributes: {
            ...input.properties,
            _default_title_: input.subject,
            _default_description_: ctx.fit(input.description, DESCRIPTION_MAX - end.length) + end,
          },
          ...(input.owner_id === null ? {} : { assignment: { admin_assignee_id: input.owner_id } }),
        },
      },
    })
    const made = parseAnswer(TicketAnswer, body, maybeDone('write', 'no_id_in_answer'))
    return readTicket(made, ctx.settings, asked)
  },
})

async function findMarked(
  ctx: Context,
  contact: string,
  mark: string,
): Promise<TicketAnswer | null> {
  const { tickets } = await search(ctx, 'tickets', 'AND', [ofContact(contact)], TicketsAnswer)
  const found = tickets.find(({ ticket_attributes: own }) => {
    const text = own?.['_default_description_']
    return typeof text === 'string' && text.includes(mark)
  })
  return found ?? null
}

export const ticketUpdate = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: UpdateTicketInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ id, subject, status = 'open' }) =>
    dryTicket(id, {
      subject: subject ?? null,
      status,
    }),
  run: async (ctx: Context, { id, subject, status, priority, owner_id: owner, properties }) => {
    if (priority !== undefined) refuse('tickets_have_no_priority')
    return await change(ctx, id, Object.keys(properties), {
      ...attributesOf(properties, subject),
      ...(status === undefined ? {} : stateFor(ctx.settings, status)),
      ...(owner === undefined ? {} : { assignee_id: owner }),
    })
  },
})

export const ticketAssign = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: AssignInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ id, owner_id }) => dryTicket(id, { assignee_id: owner_id }),
  run: (ctx: Context, { id, owner_id: owner }) => change(ctx, id, [], { assignee_id: owner }),
})

export const ticketResolve = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: ResolveTicketInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => dryTicket(id, { status: 'solved' }),
  run: async (ctx: Context, { id, properties }) =>
    await change(ctx, id, Object.keys(properties), {
      ...attributesOf(properties),
      ...stateFor(ctx.settings, 'solved'),
    }),
})

function attributesOf(properties: Readonly<Record<string, unknown>>, subject?: string): object {
  const own = subject === undefined ? properties : { ...properties, _default_title_: subject }
  return Object.keys(own).length === 0 ? {} : { ticket_attributes: own }
}

/** A ticket that is over is also shut; without a state for it, shutting is all there is. */
function stateFor(
  { ticket_states: states }: IntercomSettings,
  status: z.output<typeof Ticket>['status'],
): object {
  const isOver = status === 'solved' || status === 'closed'
  const state = states[status === 'closed' ? 'solved' : status]
  if (state === null) return isOver ? { open: false } : refuse(`no_state_${status}`)
  return { ticket_state_id: state, open: !isOver }
}

async function change(
  ctx: Context,
  id: string,
  asked: readonly string[],
  values: object,
): Promise<z.output<typeof Ticket>> {
  const admin = ctx.settings.admin_id
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'PUT',
    path: ['tickets', id],
    body: { json: { ...values, ...(admin === null ? {} : { admin_id: Number(admin) }) } },
  })
  const ticket = parseAnswer(TicketAnswer, body, maybeDone('write', 'invalid_body'))
  return readTicket(ticket, ctx.settings, asked)
}
