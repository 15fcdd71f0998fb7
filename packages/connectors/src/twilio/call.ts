// Outbound calls of the account.
//
// C1. A call is never placed again on a guess: whoever picks up twice knows it.
// C2. To end a call that is over is done already.

import { ConnectorFault, action, cleanText, maybeDone, escapeHtml } from '@bookend/core'
import { z } from 'zod'
import { nullIfMissing } from '../finding.ts'
import { readCall } from './read-records.ts'
import { type Context, account, callbackOf, exchange } from './rest.ts'
import { CallCreateInput, CallSid, PhoneCall } from './schema.ts'
import { targetOf } from './target.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
const TWIML_MAX = 4_000

const TOLD = [
  ['StatusCallbackEvent', 'initiated'],
  ['StatusCallbackEvent', 'completed'],
] as const

const OVER: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled'])

const dryCall = (id: string, status: string): PhoneCall => ({
  id,
  status,
  direction: 'outbound-api',
  from: null,
  to: null,
  answered_by: null,
  duration_seconds: null,
  started_at: null,
  ended_at: null,
})

export const callCreate = action({
  effect: 'write',
  idempotency: {
    class: 'none',
    by: 'run',
    receipt: 'With status_callback, Twilio calls that address with the key of the call as k',
  },
  input: CallCreateInput,
  output: PhoneCall,
  timeoutMs: WRITE_MS,
  preview: () => dryCall('dry_call', 'queued'),
  run: async (ctx: Context, input) => {
    const to = targetOf(ctx, input.to, ['mobile', 'fixed_line'])
    const from = input.from ?? ctx.settings.from
    if (from === null || !from.startsWith('+')) throw refusal('from_is_no_number')
    const { body } = await ctx.client.count(to, ctx.settings, ctx.now(), () =>
      exchange(ctx, {
        effect: 'write',
        method: 'POST',
        path: account(ctx, 'Calls.json'),
        body: {
          form: [
            ['To', to],
            ['From', from],
            input.say === undefined
              ? ['Url', input.url ?? '']
              : ['Twiml', renderTwiml(input.say, input.language)],
            ['Timeout', String(input.ring_seconds)],
            ...(input.detect_machine ? [['MachineDetection', 'Enable'] as const] : []),
            ...Object.entries(callbackOf(ctx)),
            // The first is told while it rings: left out, Twilio tells of the end alone.
            ...(ctx.settings.status_callback === null ? [] : TOLD),
          ],
        },
      }),
    )
    return readCall(body, maybeDone('write', 'no_id_in_answer'))
  },
})

/** A caller's words as speech: nothing in them is a verb of Twilio's. */
function renderTwiml(say: string, language: string): string {
  const words = escapeHtml(cleanText(say))
  const twiml = `<Response><Say language="${language}">${words}</Say></Response>`
  if (twiml.length > TWIML_MAX) throw refusal('say_too_long')
  return twiml
}

const refusal = (detail: string): ConnectorFault => new ConnectorFault({ kind: 'refused', detail })

export const callEnd = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: z.object({ id: CallSid }),
  output: PhoneCall,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => dryCall(id, 'completed'),
  run: async (ctx: Context, { id }) => {
    try {
      const { body } = await exchange(ctx, {
        effect: 'write',
        method: 'POST',
        path: account(ctx, 'Calls', `${id}.json`),
        body: { form: { Status: 'completed' } },
      })
      return readCall(body, maybeDone('write', 'invalid_body'))
    } catch (error) {
      const isRefused = error instanceof ConnectorFault && error.verdict.detail === 'call_is_over'
      if (!isRefused) throw error
      const found = await getCall(ctx, id)
      if (!OVER.has(found.status)) throw error
      return found
    }
  },
})

export const callGet = action({
  effect: 'read',
  input: z.object({ id: CallSid }),
  output: PhoneCall.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id }) => {
    return await nullIfMissing(async () => {
      return await getCall(ctx, id)
    })
  },
})

async function getCall(ctx: Context, id: string): Promise<PhoneCall> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: account(ctx, 'Calls', `${id}.json`),
  })
  return readCall(body, maybeDone('read', 'invalid_body'))
}
