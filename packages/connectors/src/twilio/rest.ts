// Twilio's API as the actions use it, and what its refusals mean.
//
// R1. Of an error only its number is told on: messages quote what was sent.
// R2. Twilio takes no key for what is created: a send whose answer was lost is never repeated.

import type { ActionContext, Verdict } from '@bookend/core'
import { keyId, parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import { type Dialect, type HeardAnswer, createExchange } from '../rest/exchange.ts'
import { basicAuth } from '../rest/fetch-token.ts'
import { callbackUrl } from './callback.ts'
import type { TwilioAuth, TwilioSettings } from './schema.ts'
import type { SendCaps } from './send-caps.ts'

export type Context = ActionContext<TwilioSettings, TwilioAuth, SendCaps>

const dialect: Omit<Dialect<Context>, 'base'> = {
  headers: ({ auth, settings }) => ({
    authorization:
      auth.kind === 'key'
        ? basicAuth(auth.key_sid, auth.secret)
        : basicAuth(settings.account_sid, auth.auth_token),
  }),
  readVerdict,
}

export const exchange = createExchange<Context>({
  ...dialect,
  base: ({ settings }) => settings.base_url,
})

export const exchangeLookup = createExchange<Context>({
  ...dialect,
  base: ({ settings }) => settings.lookups_url,
})

export const account = (
  { settings }: Pick<Context, 'settings'>,
  ...more: readonly string[]
): readonly string[] => ['2010-04-01', 'Accounts', settings.account_sid, ...more]

export function callbackOf({ settings, key }: Pick<Context, 'settings' | 'key'>) {
  const url = callbackUrl(settings, keyId(key))
  return url === null ? {} : { StatusCallback: url }
}

const Problem = z.object({ code: z.number().int().optional() })

/** Those with a remedy of their own. */
const NAMED: Readonly<Record<number, string>> = {
  20_003: 'credential_refused',
  20_429: 'too_many_requests',
  21_211: 'recipient_is_no_number',
  21_220: 'call_is_over',
  21_408: 'country_not_enabled',
  21_606: 'sender_cannot_send',
  21_610: 'recipient_opted_out',
  21_614: 'recipient_is_no_mobile',
  21_617: 'text_too_long',
  30_409: 'message_not_scheduled',
  35_114: 'send_at_out_of_range',
  35_115: 'send_at_out_of_range',
  35_117: 'send_at_out_of_range',
}

function readVerdict(
  { status, headers, body }: HeardAnswer,
  _effect: unknown,
  now: Date,
): Verdict | null {
  if (status < 400 || status >= 500 || status === 404 || status === 408) return null
  const { code } = Problem.safeParse(body).data ?? {}
  const detail = code === undefined ? `http_${status}` : (NAMED[code] ?? `twilio_${code}`)
  if (status === 429 || code === 20_429) {
    return { kind: 'limited', detail, until: parseRetryAfter(headers['retry-after'], now) }
  }
  if (status === 401 || code === 20_003) return { kind: 'auth', detail }
  return code === undefined ? null : { kind: 'refused', detail }
}
