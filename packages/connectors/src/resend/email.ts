// Emails by Resend.
//
// M1. The key of the effect goes with each send, and what is sent with it is made of the input alone:
//     a repeat has the same bytes. Resend keeps keys for 24 hours.
// M2. To cancel what was cancelled is done already.

import { ConnectorFault, action, keyId, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { EmailInput, emailHeaders } from '../email-input.ts'
import { Message } from '../records.ts'
import { type Context, exchange } from './rest.ts'
import { Email, EmailId, type ResendSettings, ScheduleInput } from './schema.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
const KEPT_MS = 86_400_000

const RECEIPT = "Resend's webhook carries the key of the email as the tag bookend_key"

const Sent = z.object({ id: z.string().min(1) })

export const emailSend = action({
  effect: 'write',
  idempotency: { class: 'key', by: 'run', keptMs: KEPT_MS, receipt: RECEIPT },
  input: EmailInput,
  output: Message,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_email', status: 'accepted' }),
  run: async (ctx: Context, input) => ({ id: await send(ctx, input, {}), status: 'accepted' }),
})

export const emailSchedule = action({
  effect: 'write',
  idempotency: { class: 'key', by: 'run', keptMs: KEPT_MS, receipt: RECEIPT },
  input: ScheduleInput,
  output: Message,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_email', status: 'scheduled' }),
  run: async (ctx: Context, { send_at: at, ...input }) => {
    const id = await send(ctx, input, { scheduled_at: new Date(at).toISOString() })
    return { id, status: 'scheduled' }
  },
})

async function send(ctx: Context, input: EmailInput, more: object): Promise<string> {
  const { to, subject, text, html, reply_to } = input
  const key = keyId(ctx.key)
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path: ['emails'],
    headers: { 'Idempotency-Key': key },
    body: {
      json: {
        from: sender(ctx.settings),
        to,
        subject,
        text,
        html,
        reply_to,
        headers: emailHeaders(input),
        // Comes back with its events.
        tags: [{ name: 'bookend_key', value: key }],
        ...more,
      },
    },
  })
  const { success, data } = Sent.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('write', 'no_id_in_answer'))
  return data.id
}

/** A name that holds a sign of the address's grammar stands in quotes. */
function sender({ from, from_name: name }: ResendSettings): string {
  if (name === '') return from
  const isPlain = !/[()<>[\]:;@\\,."]/.test(name)
  return isPlain ? `${name} <${from}>` : `"${name.replaceAll(/["\\]/g, '\\$&')}" <${from}>`
}

export const emailCancel = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: EmailId,
  output: Message,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => ({ id, status: 'canceled' }),
  run: async (ctx: Context, { id }) => {
    try {
      const { body } = await exchange(ctx, {
        effect: 'write',
        method: 'POST',
        path: ['emails', id, 'cancel'],
      })
      const { success } = Sent.safeParse(body)
      if (!success) throw new ConnectorFault(maybeDone('write', 'invalid_body'))
      return { id, status: 'canceled' }
    } catch (error) {
      const isRefused = error instanceof ConnectorFault && error.verdict.kind === 'refused'
      if (!isRefused || error.verdict.detail === 'restricted_api_key') throw error
      // A try before this one may have done it.
      const found = await getEmail(ctx, id)
      if (found?.status !== 'canceled') throw error
      return { id, status: 'canceled' }
    }
  },
})

export const emailGet = action({
  effect: 'read',
  input: EmailId,
  output: Email.nullable(),
  timeoutMs: READ_MS,
  run: (ctx: Context, { id }) => getEmail(ctx, id),
})

const EmailAnswer = z.object({
  id: z.string().min(1),
  to: z.array(z.string()).default([]),
  subject: z.string().nullable().optional(),
  created_at: z.string().optional(),
  last_event: z.string().min(1),
})

async function getEmail(ctx: Context, id: string): Promise<Email | null> {
  const body = await readOrNull(ctx, id)
  if (body === undefined) return null
  const { success, data } = EmailAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  const at = new Date(data.created_at ?? Number.NaN)
  return {
    id: data.id,
    status: data.last_event,
    to: data.to,
    subject: data.subject ?? null,
    created_at: Number.isNaN(at.getTime()) ? null : at.toISOString(),
  }
}

async function readOrNull(ctx: Context, id: string): Promise<unknown> {
  try {
    const { body } = await exchange(ctx, { effect: 'read', method: 'GET', path: ['emails', id] })
    return body
  } catch (error) {
    if (error instanceof ConnectorFault && error.verdict.kind === 'missing') return undefined
    throw error
  }
}
