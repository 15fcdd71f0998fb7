// Text messages.
//
// S1. Recipient, text and caps are judged before anything is sent (threats C11, C12, D12).
// S2. A send is never repeated on a guess; a cancellation may be, for it ends in one state.

import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { nullIfMissing } from '../finding.ts'
import { checkMessageText, countSegments } from './message-text.ts'
import { readMessage } from './read-records.ts'
import { type Context, account, callbackOf, exchange } from './rest.ts'
import { MessageSid, SentSms, Sms, SmsInput, SmsScheduleInput } from './schema.ts'
import { targetOf } from './target.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000

const RECEIPT = 'With status_callback, Twilio calls that address with the key of the send as k'

export const smsSend = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run', receipt: RECEIPT },
  input: SmsInput,
  output: SentSms,
  timeoutMs: WRITE_MS,
  preview: ({ text }) => ({ id: 'dry_sms', status: 'queued', segments: countSegments(text) }),
  run: async (ctx: Context, { to, text, valid_seconds: valid }) => {
    const { from, messaging_service_sid: service } = ctx.settings
    const sender = service === null ? { From: from } : { MessagingServiceSid: service }
    return await create(ctx, to, text, { ...sender, ValidityPeriod: valid })
  },
})

export const smsSchedule = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run', receipt: RECEIPT },
  input: SmsScheduleInput,
  output: SentSms,
  timeoutMs: WRITE_MS,
  preview: ({ text }) => ({ id: 'dry_sms', status: 'scheduled', segments: countSegments(text) }),
  run: async (ctx: Context, { to, text, send_at: at }) => {
    const { messaging_service_sid: service } = ctx.settings
    // With a number alone Twilio leaves the time out and sends at once.
    if (service === null) throw refusal('messaging_service_not_set')
    return await create(ctx, to, text, {
      MessagingServiceSid: service,
      ScheduleType: 'fixed',
      SendAt: new Date(at).toISOString(),
    })
  },
})

type Form = Readonly<Record<string, string | number | null | undefined>>

async function create(ctx: Context, to: string, raw: string, form: Form) {
  const target = targetOf(ctx, to, ['mobile'])
  const { text, segments } = checkMessageText(raw, ctx.settings)
  if (form['From'] === null) throw refusal('sender_not_set')
  const fields = { To: target, Body: text, ...form, ...callbackOf(ctx) }
  const { body } = await ctx.client.count(target, ctx.settings, ctx.now(), () =>
    exchange(ctx, {
      effect: 'write',
      method: 'POST',
      path: account(ctx, 'Messages.json'),
      body: { form: Object.fromEntries(Object.entries(fields).filter(isGiven)) },
    }),
  )
  const { id, status } = readMessage(body, maybeDone('write', 'no_id_in_answer'))
  return { id, status, segments }
}

const isGiven = (pair: [string, unknown]): pair is [string, string | number] =>
  pair[1] !== null && pair[1] !== undefined

const refusal = (detail: string): ConnectorFault => new ConnectorFault({ kind: 'refused', detail })

export const smsCancel = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: z.object({ id: MessageSid }),
  output: Sms,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => ({
    id,
    status: 'canceled',
    direction: null,
    from: null,
    to: null,
    text: null,
    segments: null,
    error_code: null,
    sent_at: null,
  }),
  run: async (ctx: Context, { id }) => {
    try {
      const { body } = await exchange(ctx, {
        effect: 'write',
        method: 'POST',
        path: account(ctx, 'Messages', `${id}.json`),
        body: { form: { Status: 'canceled' } },
      })
      return readMessage(body, maybeDone('write', 'invalid_body'))
    } catch (error) {
      const isOver =
        error instanceof ConnectorFault && error.verdict.detail === 'message_not_scheduled'
      if (!isOver) throw error
      // A try before this one may have done it.
      const found = await getMessage(ctx, id)
      if (found.status !== 'canceled') throw error
      return found
    }
  },
})

export const smsGet = action({
  effect: 'read',
  input: z.object({ id: MessageSid }),
  output: Sms.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id }) => {
    return await nullIfMissing(async () => {
      return await getMessage(ctx, id)
    })
  },
})

async function getMessage(ctx: Context, id: string): Promise<z.output<typeof Sms>> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: account(ctx, 'Messages', `${id}.json`),
  })
  return readMessage(body, maybeDone('read', 'invalid_body'))
}
