// Zendesk's API as the actions use it, and what its refusals mean.
//
// R1. Of an error only its code is told on: descriptions quote what was sent.
// R2. Some refusals are plain text; then the status alone speaks.

import type { ActionContext, LimitsAnswer, SeenLimit, Verdict } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { z } from 'zod'
import { type HeardAnswer, createExchange } from '../rest/exchange.ts'
import { basicAuth } from '../rest/fetch-token.ts'
import type { RecentCallers } from './recent-callers.ts'
import { type ZendeskAuth, type ZendeskSettings, hostOf } from './schema.ts'

export type Context = ActionContext<ZendeskSettings, ZendeskAuth, RecentCallers>

export const api = (...path: readonly string[]): readonly string[] => ['api', 'v2', ...path]

export const exchange = createExchange<Context>({
  base: (ctx) => hostOf(ctx.settings),
  headers: ({ auth }) => ({
    authorization:
      auth.kind === 'oauth' ? `Bearer ${auth.token}` : basicAuth(`${auth.email}/token`, auth.token),
  }),
  readVerdict,
})

const Problem = z.object({
  error: z.union([z.string(), z.object({ title: z.string() })]).optional(),
  details: z.unknown().optional(),
})

function readVerdict({ status, body }: HeardAnswer): Verdict | null {
  if (status !== 400 && status !== 403 && status !== 409 && status !== 422) return null
  const { error, details } = Problem.safeParse(body).data ?? {}
  const code = codeOf(typeof error === 'object' ? error.title : error) ?? `http_${status}`
  if (status === 409) return { kind: 'conflict', detail: code }
  return { kind: 'refused', detail: isOfClosed(details) ? 'ticket_is_closed' : code }
}

/** `RecordInvalid` as `record_invalid`; a sentence is no code. */
function codeOf(text: string | undefined): string | null {
  if (text === undefined || !/^[A-Za-z_]{1,60}$/.test(text)) return null
  return text.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
}

/** Nothing but its text tells this refusal, which has a remedy, from others. */
const isOfClosed = (details: unknown): boolean =>
  JSON.stringify(details ?? null).includes('closed prevents ticket update')

/** An id as the body of a request holds it. @throws {ConnectorFault} It is not one of Zendesk's. */
export function numberOf(id: string): number {
  const number = Number(id)
  if (!/^\d{1,16}$/.test(id) || !Number.isSafeInteger(number)) {
    throw new ConnectorFault({ kind: 'refused', detail: 'id_is_no_number' })
  }
  return number
}

export function readLimits({ headers, now }: LimitsAnswer): readonly SeenLimit[] {
  const number = (...names: readonly string[]): number | null => {
    const text = names.map((name) => headers[name]).find((value) => value !== undefined) ?? ''
    return /^\d{1,9}$/.test(text) ? Number(text) : null
  }
  const remaining = number('x-rate-limit-remaining', 'ratelimit-remaining')
  if (remaining === null) return []
  const resetSeconds = number('ratelimit-reset')
  const resetAt = resetSeconds === null ? null : new Date(now.getTime() + resetSeconds * 1_000)
  return [{ limit: number('x-rate-limit', 'ratelimit-limit'), remaining, resetAt }]
}
