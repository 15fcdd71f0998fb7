import { action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { nullIfMissing, openOnes } from '../finding.ts'
import { dryTicket } from '../previews.ts'
import {
  GetInput,
  TicketCreateInput,
  TicketFindOpenInput,
  TicketResolveInput,
  TicketUpdateInput,
} from '../inputs.ts'
import { Ticket } from '../records.ts'
import { classOf, createOnce, markOf, newestAssociated, readBatch } from './create-once.ts'
import { readObject, readTicket, ticketProperties } from './read-records.ts'
import { type Context, exchange, objects } from './rest.ts'
import type { HubspotSettings } from './schema.ts'
import { priorityValue, stageFor, textValues } from './write-values.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
/** As many as one batch reads; older ones are hardly open. */
const NEWEST = 100

export const ticketGet = action({
  effect: 'read',
  input: GetInput,
  output: Ticket.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id, properties }) => {
    return await nullIfMissing(async () => {
      return await getTicket(ctx, id, properties)
    })
  },
})

export const ticketFindOpen = action({
  effect: 'read',
  input: TicketFindOpenInput,
  output: z.array(Ticket),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { contact_id: contact, properties }) => {
    const ids = await newestAssociated(ctx, ['contacts', contact], 'tickets', NEWEST)
    const found = await readBatch(ctx, 'tickets', ids, ticketProperties(properties))
    return openOnes(found.map((ticket) => readTicket(ticket, ctx.settings, properties, contact)))
  },
})

export const ticketCreate = action({
  effect: 'write',
  idempotency: {
    class: 'marker',
    by: 'subject',
    classFor: (settings: HubspotSettings, { contact_id }) =>
      classOf(settings, { contact_id, ticket_id: null }),
  },
  input: TicketCreateInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ subject, priority, contact_id: requester_id }) =>
    dryTicket('dry_ticket', {
      subject,
      priority,
      requester_id,
    }),
  run: async (ctx: Context, input) => {
    const { settings, subjectKey: key } = ctx
    const mark = markOf(settings, key)
    const made = await createOnce(ctx, {
      type: 'tickets',
      key,
      owners: { contact_id: input.contact_id, ticket_id: null },
      properties: {
        ...textValues(input.properties),
        subject: input.subject,
        content: ctx.fit(input.description, CONTENT_MAX - mark.length) + mark,
        hs_pipeline: settings.ticket_pipeline,
        hs_pipeline_stage: stageFor(settings, 'open'),
        ...(input.priority === null ? {} : { hs_ticket_priority: priorityValue(input.priority) }),
        ...(input.owner_id === null ? {} : { hubspot_owner_id: input.owner_id }),
      },
    })
    return readTicket(made, settings, Object.keys(input.properties), input.contact_id)
  },
})

const CONTENT_MAX = 65_536

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
  run: (ctx: Context, { id, subject, status, priority, owner_id: owner, properties }) =>
    change(ctx, id, Object.keys(properties), {
      ...textValues(properties),
      ...(subject === undefined ? {} : { subject }),
      ...(status === undefined ? {} : { hs_pipeline_stage: stageFor(ctx.settings, status) }),
      ...(priority === undefined ? {} : { hs_ticket_priority: priorityValue(priority) }),
      ...(owner === undefined ? {} : { hubspot_owner_id: owner }),
    }),
})

export const ticketResolve = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: TicketResolveInput,
  output: Ticket,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => dryTicket(id, { status: 'solved' }),
  run: (ctx: Context, { id, properties }) =>
    change(ctx, id, Object.keys(properties), {
      ...textValues(properties),
      hs_pipeline_stage: stageFor(ctx.settings, 'solved'),
    }),
})

/** The answer to a change holds only what was changed, so the ticket is read after it. */
async function change(
  ctx: Context,
  id: string,
  asked: readonly string[],
  properties: Readonly<Record<string, string>>,
): Promise<z.output<typeof Ticket>> {
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'PATCH',
    path: objects('tickets', id),
    body: { json: { properties } },
  })
  readObject(body, maybeDone('write', 'invalid_body'))
  return await getTicket(ctx, id, asked)
}

async function getTicket(
  ctx: Context,
  id: string,
  asked: readonly string[],
): Promise<z.output<typeof Ticket>> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: objects('tickets', id),
    query: { properties: ticketProperties(asked).join(',') },
  })
  return readTicket(readObject(body, maybeDone('read', 'invalid_body')), ctx.settings, asked)
}
