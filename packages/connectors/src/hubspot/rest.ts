// HubSpot's API as the actions use it, and what its refusals mean.
//
// R1. The version of the paths stands here and nowhere else.
// R2. A batch answers 207, or 200 with errors inside, when a row failed: that is no success.
// R3. Of an error only its category is told on: messages quote what was sent.

import type { ActionContext, LimitsAnswer, SeenLimit, Verdict } from '@bookend/core'
import { maybeDone, parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import { type HeardAnswer, createExchange } from '../rest/exchange.ts'
import type { HubspotAuth, HubspotSettings } from './schema.ts'

export type Context = ActionContext<HubspotSettings, HubspotAuth>

export type ObjectType = 'contacts' | 'tickets' | 'calls' | 'notes' | 'tasks'

export const objects = (type: ObjectType, ...more: readonly string[]): readonly string[] => [
  'crm',
  'v3',
  'objects',
  type,
  ...more,
]

export const associations = (
  type: ObjectType,
  id: string,
  ...more: readonly string[]
): readonly string[] => ['crm', 'v4', 'objects', type, id, 'associations', ...more]

export const properties = (type: ObjectType, ...more: readonly string[]): readonly string[] => [
  'crm',
  'v3',
  'properties',
  type,
  ...more,
]

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export const exchange = createExchange<Context>({
  base: (ctx) => ctx.settings.base_url,
  headers: (ctx) => ({ authorization: `Bearer ${ctx.auth.token}` }),
  readVerdict,
})

const Problem = z.object({
  category: z.string().optional(),
  policyName: z.string().optional(),
  message: z.string().optional(),
})
const Batch = z.object({ errors: z.array(Problem).min(1) })

function readVerdict(
  { status, headers, body }: HeardAnswer,
  effect: 'read' | 'write',
  now: Date,
): Verdict | null {
  if (status === 207 || status === 200) {
    const [failed] = Batch.safeParse(body).data?.errors ?? []
    if (failed !== undefined) return readRowFailure(codeOf(failed.category))
    // A 207 that names no error is not understood.
    return status === 207 ? maybeDone(effect, 'http_207') : null
  }
  const problem = Problem.safeParse(body).data ?? {}
  const category = codeOf(problem.category)
  switch (status) {
    case 429:
      return readLimit(problem.policyName, headers, now)
    case 409: {
      const [, id] = /Existing ID: (\d{1,20})/.exec(problem.message ?? '') ?? []
      return { kind: 'conflict', detail: id === undefined ? category : `existing_${id}` }
    }
    case 400:
    case 403:
      return { kind: 'refused', detail: category === 'unnamed' ? `http_${status}` : category }
    default:
      return null
  }
}

/** A row of a batch: that it was not written is certain. */
function readRowFailure(category: string): Verdict {
  switch (category) {
    case 'conflict':
      return { kind: 'conflict', detail: category }
    case 'object_not_found':
      return { kind: 'missing', detail: category }
    case 'rate_limits':
      return { kind: 'limited', detail: category, until: null }
    default:
      return { kind: 'refused', detail: category }
  }
}

/** How long each of its policies lasts; the day of DAILY ends at the portal's midnight, unknown here. */
const POLICY_MS: Readonly<Record<string, number>> = {
  SECONDLY: 1_000,
  TEN_SECONDLY_ROLLING: 10_000,
  DAILY: HOUR_MS,
}

function readLimit(
  policy: string | undefined,
  headers: Readonly<Record<string, string>>,
  now: Date,
): Verdict {
  const asked = parseRetryAfter(headers['retry-after'], now)
  const waitMs = policy === undefined ? undefined : POLICY_MS[policy]
  const until = asked ?? (waitMs === undefined ? null : new Date(now.getTime() + waitMs))
  return { kind: 'limited', detail: codeOf(policy, 'http_429'), until }
}

function codeOf(text: string | undefined, fallback = 'unnamed'): string {
  return text !== undefined && /^[A-Za-z_]{1,60}$/.test(text) ? text.toLowerCase() : fallback
}

/** Searches carry no such headers. */
export function readLimits({ headers, now }: LimitsAnswer): readonly SeenLimit[] {
  const number = (name: string): number | null => {
    const text = headers[`x-hubspot-ratelimit-${name}`] ?? ''
    return /^\d{1,9}$/.test(text) ? Number(text) : null
  }
  const seen: SeenLimit[] = []
  const remaining = number('remaining')
  const intervalMs = number('interval-milliseconds')
  if (remaining !== null) {
    const resetAt = intervalMs === null ? null : new Date(now.getTime() + intervalMs)
    seen.push({ limit: number('max'), remaining, resetAt })
  }
  if (number('daily-remaining') === 0) {
    seen.push({ limit: number('daily'), remaining: 0, resetAt: new Date(now.getTime() + HOUR_MS) })
  }
  return seen
}
