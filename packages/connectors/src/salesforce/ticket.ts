// Cases, as tickets.
//
// C1. With the key's field a repeat changes the same case: the class is `natural`.
// C2. Without it our mark is looked for among the contact's newest cases; SOQL sees what was just
//     written.
// C3. A case of nobody cannot be looked for: then the class is `none`.

import { ConnectorFault, action } from '@bookend/core'
import { z } from 'zod'
import { dryTicket } from '../previews.ts'
import {
  TicketCreateInput,
  TicketFindOpenInput,
  TicketResolveInput,
  TicketUpdateInput,
} from '../inputs.ts'
import { type TicketPriority, type TicketStatus, Ticket } from '../records.ts'
import { caseFields, readTicket, textAt } from './read-records.ts'
import { type Values, create, update, upsert } from './save.ts'
import { GetContactInput, type SalesforceSettings } from './schema.ts'
import { type Context, instanceOf } from './session.ts'
import { checkId, isId, query, quote } from './soql.ts'

const READ_MS = 2_500
const WRITE_MS = 15_000
export const DESCRIPTION_MAX = 32_000
const OPEN_MAX = 100
/** Each with a description of up to 32,000 characters. */
const NEWEST = 15

export const ticketGet = action({
  effect: 'read',
  input: GetContactInput,
  output: Ticket.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id, properties }) =>
    isId(id) ? await findCase(ctx, id, properties) : null,
})

async function findCase(
  ctx: Context,
  id: string,
  asked: readonly string[],
): Promise<z.output<typeof Ticket> | null> {
  const fields = caseFields(asked).join(', ')
  const soql = `SELECT ${fields} FROM Case WHERE Id = ${quote(id)} LIMIT 1`
  const [found] = (await query(ctx, soql)).records
  if (found === undefined) return null
  return readTicket(found, await instanceOf(ctx), ctx.settings, asked)
}

async function getCase(
  ctx: Context,
  id: string,
  asked: readonly string[],
): Promise<z.output<typeof Ticket>> {
  const found = await findCase(ctx, id, asked)
  if (found === null) throw new ConnectorFault({ kind: 'missing', detail: 'case_not_readable' })
  return found
}

export const ticketFindOpen = action({
  effect: 'read',
  input: TicketFindOpenInput,
  output: z.array(Ticket),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { contact_id: contact, properties }) => {
    const fields = caseFields(properties).join(', ')
    const where = `ContactId = ${quote(checkId(contact))} AND IsClosed = false`
    const order = `ORDER BY LastModifiedDate DESC LIMIT ${OPEN_MAX}`
    const { records } = await query(ctx, `SELECT ${fields} FROM Case WHERE ${where} ${order}`)
    const instance = await instanceOf(ctx)
    return records.map((one) => readTicket(one, instance, ctx.settings, properties))
  },
})

export const ticketCreate = action({
  effect: 'write',
  idempotency: {
    class: 'marker',
    by: 'subject',
    classFor: ({ key_field: field }: SalesforceSettings, { contact_id: contact }) => {
      if (field !== null) return 'natural'
      return contact === null ? 'none' : 'marker'
    },
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
    const { subjectKey: key, settings } = ctx
    const mark = settings.key_field === null ? `\n[bookend:${key}]` : ''
    const values = {
      ...input.properties,
      Subject: input.subject,
      Description: ctx.fit(input.description, DESCRIPTION_MAX - mark.length) + mark,
      Origin: 'Phone',
      Status: statusFor(settings, 'open'),
      ...(input.contact_id === null ? {} : { ContactId: checkId(input.contact_id) }),
      ...(input.priority === null ? {} : { Priority: PRIORITY[input.priority] }),
      ...(input.owner_id === null ? {} : { OwnerId: checkId(input.owner_id) }),
    }
    const id = await createOnce(ctx, input.contact_id, values)
    return await getCase(ctx, id, Object.keys(input.properties))
  },
})

async function createOnce(ctx: Context, contact: string | null, values: Values): Promise<string> {
  const { subjectKey: key, settings } = ctx
  if (settings.key_field !== null)
    return await upsert(ctx, 'Case', [settings.key_field, key], values)
  const found = contact === null ? null : await findMarked(ctx, contact)
  return found ?? (await create(ctx, 'Case', values))
}

async function findMarked(ctx: Context, contact: string): Promise<string | null> {
  const where = `ContactId = ${quote(checkId(contact))}`
  const order = `ORDER BY CreatedDate DESC LIMIT ${NEWEST}`
  const { records } = await query(ctx, `SELECT Id, Description FROM Case WHERE ${where} ${order}`)
  const mark = `[bookend:${ctx.subjectKey}]`
  const found = records.find((one) => textAt(one, 'Description')?.includes(mark))
  return found === undefined ? null : textAt(found, 'Id')
}

const PRIORITY: Readonly<Record<TicketPriority, string>> = {
  low: 'Low',
  normal: 'Medium',
  high: 'High',
  // Salesforce's own list ends there.
  urgent: 'High',
}

/** @throws {ConnectorFault} No status of the org means that. */
function statusFor({ case_statuses: statuses }: SalesforceSettings, wanted: TicketStatus): string {
  const means = (status: TicketStatus): string | undefined =>
    Object.keys(statuses).find((name) => statuses[name] === status)
  // Most orgs have one status for what is over.
  const other = wanted === 'solved' ? 'closed' : wanted === 'closed' ? 'solved' : wanted
  const name = means(wanted) ?? means(other)
  if (name === undefined) {
    throw new ConnectorFault({ kind: 'refused', detail: `no_status_${wanted}` })
  }
  return name
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
      ...properties,
      ...(subject === undefined ? {} : { Subject: subject }),
      ...(status === undefined ? {} : { Status: statusFor(ctx.settings, status) }),
      ...(priority === undefined ? {} : { Priority: PRIORITY[priority] }),
      ...(owner === undefined ? {} : { OwnerId: checkId(owner) }),
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
      ...properties,
      Status: statusFor(ctx.settings, 'solved'),
    }),
})

/** The answer to a change is empty, so the case is read after it. */
async function change(
  ctx: Context,
  id: string,
  asked: readonly string[],
  values: Values,
): Promise<z.output<typeof Ticket>> {
  await update(ctx, 'Case', checkId(id), values)
  return await getCase(ctx, id, asked)
}
