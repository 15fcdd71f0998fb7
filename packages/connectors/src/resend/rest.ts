// Resend's API as the actions use it, and what its refusals mean.
//
// R1. Of an error only its name is told on: messages quote what was sent.
// R2. A key that may only send is a good one: what it may not do is refused, and no fault of it.

import type { ActionContext, LimitsAnswer, SeenLimit, Verdict } from '@bookend/core'
import { parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import { type HeardAnswer, createExchange } from '../rest/exchange.ts'
import type { ResendAuth, ResendSettings } from './schema.ts'

export type Context = ActionContext<ResendSettings, ResendAuth>

export const exchange = createExchange<Context>({
  base: ({ settings }) => settings.base_url,
  headers: ({ auth }) => ({ authorization: `Bearer ${auth.api_key}` }),
  readVerdict,
})

const HOUR_MS = 3_600_000
/** Another try with the same key is still under way. */
const UNDER_WAY_MS = 2_000

const Problem = z.object({ name: z.string().optional(), message: z.string().optional() })

function readVerdict(
  { status, headers, body }: HeardAnswer,
  _effect: unknown,
  now: Date,
): Verdict | null {
  if (status < 400 || status >= 500 || status === 404 || status === 408) return null
  const { name, message } = Problem.safeParse(body).data ?? {}
  const detail = name !== undefined && /^[a-z_]{1,60}$/.test(name) ? name : `http_${status}`
  const asked = parseRetryAfter(headers['retry-after'], now)
  switch (detail) {
    case 'concurrent_idempotent_requests':
      return { kind: 'retry', detail, afterMs: UNDER_WAY_MS }
    case 'invalid_idempotent_request':
    case 'restricted_api_key':
      return { kind: 'refused', detail }
    case 'daily_quota_exceeded':
    case 'monthly_quota_exceeded':
      return { kind: 'limited', detail, until: asked ?? new Date(now.getTime() + HOUR_MS) }
    case 'invalid_api_key':
    case 'missing_api_key':
      return { kind: 'auth', detail }
  }
  // Under this name it says both what is wrong with a request and that the key is unknown.
  if (message === 'API key is invalid') return { kind: 'auth', detail: 'invalid_api_key' }
  if (status === 429) return { kind: 'limited', detail, until: asked }
  if (status === 401) return { kind: 'auth', detail }
  return status === 409 ? { kind: 'conflict', detail } : { kind: 'refused', detail }
}

export function readLimits({ headers, now }: LimitsAnswer): readonly SeenLimit[] {
  const number = (name: string): number | null => {
    const text = headers[`ratelimit-${name}`] ?? ''
    return /^\d{1,9}$/.test(text) ? Number(text) : null
  }
  const remaining = number('remaining')
  if (remaining === null) return []
  const seconds = number('reset')
  const resetAt = seconds === null ? null : new Date(now.getTime() + seconds * 1_000)
  return [{ limit: number('limit'), remaining, resetAt }]
}
