// Tickets.
//
// T1. A ticket carries our key as its external id, which is looked for before one is made: Zendesk
//     keeps idempotency keys for hours only.
// T2. Two that look at once both find none; Zendesk gives them one ticket by the key.

import { action, keyId, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { nullIfMissing, openOnes } from '../finding.ts'
import { dryTicket } from '../previews.ts'
import {
  GetInput,
  RecordId,
  TicketCreateInput,
  TicketFindOpenInput,
  TicketResolveInput,
  TicketUpdateInput,
} from '../inputs.ts'
import { Ticket } from '../records.ts'
import { type TicketAnswer, readAnswer, readTicket } from './read-records.ts'
import { type Context, api, exchange, numberOf } from './rest.ts'
import { commentHtml, subjectLine, ticketValues } from './write-values.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
const ANSWER_BYTES_MAX = 1_048_576

export const ticketGet = action({
  effect: 'read',
  input: GetInput,
  output: Ticket.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id, properties }) => {
    return await nullIfMissing(async () => {
      return readTicket(await getTicket(ctx, id), ctx.settings, properties)
    })
  },
})

export async function getTicket(ctx: Context, id: string): Promise<TicketAnswer> {
  const { body } = await exchange(ctx, { effect: 'read', method: 'GET', path: api('tickets', id) })
  return readAnswer('ticket', body, maybeDone('read', 'invalid_body')).ticket
}

export const ticketFindOpen = action({
  effect: 'read',
  input: TicketFindOpenInput,
  output: z.array(Ticket),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { contact_id: contact, properties }) => {
    const { body } = await exchange(ctx, {
      effect: 'read',
      method: 'GET',
      path: api('users', contact, 'tickets', 'requested'),
      // The newest hundred; older ones are hardly open.
      query: { sort_by: 'updated_at', sort_order: 'desc', per_page: 100 },
      maxBodyBytes: ANSWER_BYTES_MAX,
    })
    const { tickets } = readAnswer('tickets', body, maybeDone('read', 'invalid_body'))
    return openOnes(tickets.map((found) => readTicket(found, ctx.settings, properties)))
  },
})

const CreateInput = z.object({
  ...TicketCreateInput.shape,
  /** Whether the requester sees the description, and is written to about it. */
  public: z.boolean().default(false),
  /** A closed ticket that this one goes on with. */
  follow_up_of: RecordId.nullable().default(null),
})

export const ticketCreate = action({
  effect: 'write',
  idempotency: { class: 'key', by: 'subject' },
  input: CreateInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ subject, priority, contact_id: requester_id }) =>
    dryTicket('dry_ticket', {
      subject,
      priority,
      requester_id,
    }),
  run: async (ctx: Context, input) => {
    const mark = `bookend:${ctx.subjectKey}`
    const asked = Object.keys(input.properties)
    const text = input.description === '' ? input.subject : input.description
    const ticket = {
      ...ticketValues(input.properties),
      subject: subjectLine(input.subject),
      comment: { html_body: commentHtml(ctx, text, null), public: input.public },
      external_id: mark,
      ...(input.contact_id === null ? {} : { requester_id: numberOf(input.contact_id) }),
      ...(input.owner_id === null ? {} : { assignee_id: numberOf(input.owner_id) }),
      ...(input.priority === null ? {} : { priority: input.priority }),
      ...(input.follow_up_of === null
        ? {}
        : { via_followup_source_id: numberOf(input.follow_up_of) }),
    }
    const made = (await findMarked(ctx, mark)) ?? (await createTicket(ctx, ticket))
    return readTicket(made, ctx.settings, asked)
  },
})

async function findMarked(ctx: Context, mark: string): Promise<TicketAnswer | null> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: api('tickets'),
    query: { external_id: mark },
  })
  const { tickets } = readAnswer('tickets', body, maybeDone('read', 'invalid_body'))
  return tickets.find((one) => one.external_id === mark) ?? null
}

async function createTicket(ctx: Context, ticket: object): Promise<TicketAnswer> {
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path: api('tickets'),
    headers: { 'idempotency-key': keyId(ctx.subjectKey) },
    body: { json: { ticket } },
  })
  return readAnswer('ticket', body, maybeDone('write', 'no_id_in_answer')).ticket
}

export const ticketUpdate = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: TicketUpdateInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ id, subject, status = 'open' }) =>
    dryTicket(id, {
      subject: subject ?? null,
      status,
    }),
  run: async (ctx: Context, { id, subject, status, priority, owner_id: owner, properties }) =>
    await change(ctx, id, Object.keys(properties), {
      ...ticketValues(properties),
      ...(subject === undefined ? {} : { subject: subjectLine(subject) }),
      ...(status === undefined ? {} : { status }),
      ...(priority === undefined ? {} : { priority }),
      ...(owner === undefined ? {} : { assignee_id: numberOf(owner) }),
    }),
})

const AssignInput = z
  .object({ id: RecordId, owner_id: RecordId.optional(), group_id: RecordId.optional() })
  .refine((input) => input.owner_id !== undefined || input.group_id !== undefined, {
    error: 'Name an owner, a group, or both',
  })

export const ticketAssign = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: AssignInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ id, owner_id: owner }) => dryTicket(id, { assignee_id: owner ?? null }),
  run: async (ctx: Context, { id, owner_id: owner, group_id: group }) =>
    await change(ctx, id, [], {
      ...(group === undefined ? {} : { group_id: numberOf(group) }),
      ...(owner === undefined ? {} : { assignee_id: numberOf(owner) }),
    }),
})

export const ticketResolve = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: TicketResolveInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => dryTicket(id, { status: 'solved' }),
  run: async (ctx: Context, { id, properties }) =>
    await change(ctx, id, Object.keys(properties), {
      ...ticketValues(properties),
      status: 'solved',
    }),
})

async function change(
  ctx: Context,
  id: string,
  asked: readonly string[],
  ticket: object,
): Promise<z.output<typeof Ticket>> {
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'PUT',
    path: api('tickets', id),
    body: { json: { ticket } },
  })
  const answer = readAnswer('ticket', body, maybeDone('write', 'invalid_body'))
  return readTicket(answer.ticket, ctx.settings, asked)
}
