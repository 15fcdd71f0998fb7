// SendGrid's API as the actions use it, and what its refusals mean.
//
// R1. Of an error only the field that it names is told on: messages quote what was sent.

import type { ActionContext, LimitsAnswer, SeenLimit, Verdict } from '@bookend/core'
import { parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import { type HeardAnswer, createExchange } from '../rest/exchange.ts'
import type { SendgridAuth, SendgridSettings } from './schema.ts'

export type Context = ActionContext<SendgridSettings, SendgridAuth>

export const exchange = createExchange<Context>({
  base: ({ settings }) => settings.base_url,
  headers: ({ auth }) => ({ authorization: `Bearer ${auth.api_key}` }),
  readVerdict,
})

const DAY_MS = 86_400_000

const Problems = z.object({
  errors: z.array(z.object({ field: z.string().nullable().optional() })).min(1),
})

function readVerdict(
  { status, headers, body }: HeardAnswer,
  _effect: unknown,
  now: Date,
): Verdict | null {
  if (status === 429) {
    const asked = parseRetryAfter(headers['retry-after'], now)
    return { kind: 'limited', detail: 'http_429', until: asked ?? resetOf(headers, now) }
  }
  if (status !== 400 && status !== 403 && status !== 413) return null
  const [first] = Problems.safeParse(body).data?.errors ?? []
  const field = first?.field ?? ''
  if (status === 403 && /^from(?:\.|$)/.test(field)) {
    return { kind: 'refused', detail: 'sender_not_verified' }
  }
  // `personalizations.0.to.0.email` as `personalizations_0_to_0_email`.
  const isName = /^[a-z_][a-z0-9_.]{0,80}$/.test(field)
  const detail = isName ? `bad_${field.replaceAll('.', '_')}` : `http_${status}`
  return { kind: 'refused', detail }
}

type Headers = Readonly<Record<string, string>>

/** In seconds since 1970; what is further off than a day is nonsense. */
function resetOf(headers: Headers, now: Date): Date | null {
  const text = headers['x-ratelimit-reset'] ?? ''
  if (!/^\d{9,11}$/.test(text)) return null
  const at = new Date(Number(text) * 1_000)
  const aheadMs = at.getTime() - now.getTime()
  return aheadMs >= 0 && aheadMs <= DAY_MS ? at : null
}

export function readLimits({ headers, now }: LimitsAnswer): readonly SeenLimit[] {
  const number = (name: string): number | null => {
    const text = headers[`x-ratelimit-${name}`] ?? ''
    return /^\d{1,9}$/.test(text) ? Number(text) : null
  }
  const remaining = number('remaining')
  if (remaining === null) return []
  return [{ limit: number('limit'), remaining, resetAt: resetOf(headers, now) }]
}
