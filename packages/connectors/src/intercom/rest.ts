// Intercom's API as the actions use it, and what its refusals mean.
//
// R1. The version stands here and nowhere else; without it the app's own would be spoken.
// R2. An error inside an answer of success is no success.
// R3. Of an error only its code is told on, and of a conflict which record it is with.

import type {
  ActionContext,
  Effect,
  FaultVerdict,
  LimitsAnswer,
  SeenLimit,
  Verdict,
} from '@bookend/core'
import { ConnectorFault, parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import { type Headers, type HeardAnswer, createExchange } from '../rest/exchange.ts'
import { type IntercomAuth, type IntercomSettings, hostOf } from './schema.ts'

export type Context = ActionContext<IntercomSettings, IntercomAuth>

const VERSION = '2.15'
const DAY_MS = 86_400_000

export const exchange = createExchange<Context>({
  base: (ctx) => hostOf(ctx.settings),
  headers: ({ auth }) => ({
    authorization: `Bearer ${auth.token}`,
    'intercom-version': VERSION,
  }),
  readVerdict,
})

const Errors = z.object({
  type: z.literal('error.list'),
  errors: z.array(z.object({ code: z.string().optional(), message: z.string().optional() })),
})

function readVerdict(
  { status, headers, body }: HeardAnswer,
  effect: Effect,
  now: Date,
): Verdict | null {
  const [problem] = Errors.safeParse(body).data?.errors ?? []
  const code = codeOf(problem?.code) ?? `http_${status}`
  switch (status) {
    case 429:
      return { kind: 'limited', detail: 'http_429', until: limitEnd(headers, now) }
    case 409: {
      const [, id] = /\bid=([0-9a-f]{24})\b/.exec(problem?.message ?? '') ?? []
      return { kind: 'conflict', detail: id === undefined ? code : `existing_${id}` }
    }
    case 404:
      return { kind: effect === 'read' ? 'missing' : 'refused', detail: code }
    case 400:
    case 403:
    case 422:
      return { kind: 'refused', detail: code }
    default:
      return status < 300 && problem !== undefined ? { kind: 'refused', detail: code } : null
  }
}

const codeOf = (text: string | undefined): string | null =>
  text !== undefined && /^[A-Za-z_]{1,60}$/.test(text) ? text.toLowerCase() : null

function limitEnd(headers: Headers, now: Date): Date | null {
  const asked = parseRetryAfter(headers['retry-after'], now)
  const resetAt = readReset(headers)
  if (asked !== null || resetAt === null) return asked
  const endMs = Math.min(Math.max(resetAt.getTime(), now.getTime()), now.getTime() + DAY_MS)
  return new Date(endMs)
}

const readReset = (headers: Headers): Date | null => {
  const text = headers['x-ratelimit-reset'] ?? ''
  return /^\d{9,11}$/.test(text) ? new Date(Number(text) * 1_000) : null
}

export function readLimits({ headers }: LimitsAnswer): readonly SeenLimit[] {
  const number = (name: string): number | null => {
    const text = headers[`x-ratelimit-${name}`] ?? ''
    return /^\d{1,9}$/.test(text) ? Number(text) : null
  }
  const remaining = number('remaining')
  if (remaining === null) return []
  return [{ limit: number('limit'), remaining, resetAt: readReset(headers) }]
}

export function parseAnswer<T extends z.ZodType>(
  schema: T,
  body: unknown,
  fault: FaultVerdict,
): z.output<T> {
  const { success, data } = schema.safeParse(body)
  if (!success) throw new ConnectorFault(fault)
  return data
}

export function refuse(detail: string): never {
  throw new ConnectorFault({ kind: 'refused', detail })
}
