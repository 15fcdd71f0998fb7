// Slack's methods as the actions use them, and what their refusals mean.
//
// R1. A failure comes with status 200 and `ok: false`; what does not say `ok: true` is no success.
// R2. Of an error only its code is told on.

import type { ActionContext, Effect, Verdict } from '@bookend/core'
import { maybeDone, parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import {
  type HeardAnswer,
  type RestAnswer,
  type RestBody,
  createExchange,
} from '../rest/exchange.ts'
import type { SlackAuth, SlackSettings } from './schema.ts'

export type Context = ActionContext<SlackSettings, SlackAuth>

const exchange = createExchange<Context>({
  base: (ctx) => ctx.settings.base_url,
  headers: (ctx) => ({ authorization: `Bearer ${ctx.auth.token}` }),
  readVerdict,
})

/** Every method takes POST, so that nothing of a person stands in a URL. */
export function call(
  ctx: Context,
  effect: Effect,
  method: string,
  body?: RestBody,
): Promise<RestAnswer> {
  const more = body === undefined ? {} : { body }
  return exchange(ctx, { effect, method: 'POST', path: [method], ...more })
}

/** Slack warns of JSON that does not name its alphabet. */
export const json = (value: unknown): RestBody => ({
  text: JSON.stringify(value),
  type: 'application/json; charset=utf-8',
})

const Answer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  needed: z.string().optional(),
})

function readVerdict(
  { status, headers, body }: HeardAnswer,
  effect: Effect,
  now: Date,
): Verdict | null {
  if (status < 200 || status >= 300 || body === undefined) return null
  const { success, data } = Answer.safeParse(body)
  if (!success) return maybeDone(effect, 'invalid_body')
  if (data.ok) return null
  const code = /^[a-z_]{1,60}$/.test(data.error ?? '') ? (data.error ?? '') : 'unnamed'
  if (LIMITED.has(code)) {
    return { kind: 'limited', detail: code, until: parseRetryAfter(headers['retry-after'], now) }
  }
  if (MAYBE.has(code)) return maybeDone(effect, code)
  if (AUTH.has(code)) return { kind: 'auth', detail: code }
  if (MISSING.has(code)) return { kind: 'missing', detail: code }
  return { kind: 'refused', detail: code === 'missing_scope' ? nameScope(data.needed) : code }
}

const LIMITED: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
])

/** Slack broke on the way: nobody can tell how far it came. */
const MAYBE: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
])

const AUTH: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
])

const MISSING: ReadonlySet<string> = new Set([
  'users_not_found',
  'user_not_found',
  'message_not_found',
])

const nameScope = (needed: string | undefined): string =>
  needed !== undefined && /^[a-z_.:]{1,60}$/.test(needed)
    ? `missing_scope ${needed}`
    : 'missing_scope'
