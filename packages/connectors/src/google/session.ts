// A connection's session with one of Google's APIs, and what their refusals mean.
//
//   JWT or refresh token ─▶ access token, kept ─▶ request ─▶ reason ─▶ verdict
//
// G1. The token is asked for once for all who need it, and once more after a 401.
// G2. Of an error only its reason is told on: messages quote what was sent.
// G3. A 403 may be a limit: its reason says so.

import type { ActionContext, Effect, Verdict } from '@bookend/core'
import { ConnectorFault, maybeDone, parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import { type Exchange, type HeardAnswer, createExchange } from '../rest/exchange.ts'
import { fetchToken } from '../rest/fetch-token.ts'
import { signJwt } from '../rest/sign-jwt.ts'
import type { AccessToken, TokenCache } from '../rest/token-cache.ts'
import type { GoogleAuth } from './schema.ts'

interface GoogleSettings {
  readonly base_url: string
  readonly token_url: string
}

type GoogleContext = ActionContext<GoogleSettings, GoogleAuth, TokenCache>

const JWT_LIFE_SECONDS = 3_600

/**
 * @param scope Separated by spaces; a refresh token has its own.
 * @param readOwn What only this API means by an answer; null: what all of them do.
 */
export function createGoogleExchange<Ctx extends GoogleContext>(
  scope: string,
  readOwn: (heard: HeardAnswer) => Verdict | null = () => null,
): Exchange<Ctx> {
  return createExchange<Ctx>({
    base: ({ settings }) => settings.base_url,
    headers: async (ctx, isRenewed) => ({
      authorization: `Bearer ${(await getToken(ctx, scope, isRenewed)).value}`,
    }),
    canRenew: true,
    readVerdict: (heard, effect, now) => readOwn(heard) ?? readVerdict(heard, effect, now),
  })
}

async function getToken(
  ctx: GoogleContext,
  scope: string,
  isRefused: boolean,
): Promise<AccessToken> {
  try {
    return await ctx.client.get({ now: ctx.now, isRefused, fetch: () => requestToken(ctx, scope) })
  } catch (error) {
    const isEmpty = error instanceof ConnectorFault && error.verdict.detail === 'no_token_in_answer'
    // A success without a token does not say that the credential is bad.
    if (isEmpty) throw new ConnectorFault({ kind: 'retry', detail: 'no_token_in_answer' })
    throw error
  }
}

function requestToken(ctx: GoogleContext, scope: string): Promise<AccessToken> {
  const { auth, settings } = ctx
  const url = settings.token_url
  if (auth.kind === 'refresh_token') {
    const { client_id, client_secret, refresh_token } = auth
    const form = { grant_type: 'refresh_token', client_id, client_secret, refresh_token }
    return fetchToken(ctx, { url, form })
  }
  const issuedAt = Math.floor(ctx.now().getTime() / 1_000)
  const assertion = signJwt({
    privateKey: auth.private_key,
    claims: {
      iss: auth.client_email,
      scope,
      aud: url,
      iat: issuedAt,
      exp: issuedAt + JWT_LIFE_SECONDS,
      ...(auth.subject === null ? {} : { sub: auth.subject }),
    },
  })
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  return fetchToken(ctx, { url, form: { grant_type, assertion } })
}

const Problem = z.object({
  error: z.object({
    errors: z.array(z.object({ reason: z.string() })).min(1),
  }),
})

const LIMITS = new Set([
  'rate_limit_exceeded',
  'user_rate_limit_exceeded',
  'quota_exceeded',
  'calendar_usage_limits_exceeded',
  'daily_limit_exceeded',
  'job_rate_limit_exceeded',
])
const UNCLEAR = new Set(['backend_error', 'internal_error', 'table_unavailable'])

function readVerdict(
  { status, headers, body }: HeardAnswer,
  effect: Effect,
  now: Date,
): Verdict | null {
  if (status < 400 || status === 401 || status === 429) return null
  const reason = reasonOf(Problem.safeParse(body).data?.error.errors[0]?.reason)
  const detail = reason ?? `http_${status}`
  if (reason !== null && LIMITS.has(reason)) {
    return { kind: 'limited', detail, until: parseRetryAfter(headers['retry-after'], now) }
  }
  if (reason !== null && UNCLEAR.has(reason)) return maybeDone(effect, detail)
  // Gone is what was there once: for who asks, the same as what never was.
  if (status === 404 || status === 410) return { kind: 'missing', detail }
  if (status === 409 || status === 412) return { kind: 'conflict', detail }
  return status === 400 || status === 403 ? { kind: 'refused', detail } : null
}

/** `rateLimitExceeded` as `rate_limit_exceeded`; null where it is no word. */
export function reasonOf(reason: string | undefined): string | null {
  if (reason === undefined || !/^[A-Za-z_]{1,80}$/.test(reason)) return null
  return reason.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
}
