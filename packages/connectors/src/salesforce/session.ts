// The session of a connection, and every request within it.
//
//   token ─▶ the org's own host ─▶ request ─▶ verdict
//
// S1. The token goes to the host that was set, or to one of Salesforce's that came with it.
// S2. There is no refresh token: a session that has ended is begun again, once.
// S3. Of an error only its code is told on: messages quote what was sent.

import type { ActionContext, LimitsAnswer, SeenLimit, Verdict } from '@bookend/core'
import { ConnectorFault, parseRetryAfter } from '@bookend/core'
import { z } from 'zod'
import {
  type HeardAnswer,
  type RestAnswer,
  type RestRequest,
  createExchange,
} from '../rest/exchange.ts'
import { fetchToken } from '../rest/fetch-token.ts'
import { signJwt } from '../rest/sign-jwt.ts'
import type { AccessToken, TokenCache } from '../rest/token-cache.ts'
import type { SalesforceAuth, SalesforceSettings } from './schema.ts'

export type Context = ActionContext<SalesforceSettings, SalesforceAuth, TokenCache>

const HOUR_MS = 3_600_000
const JWT_LIFE_SECONDS = 170

const send = createExchange<Context & { readonly instance: string }>({
  base: ({ instance, settings }) => `${instance}/services/data/v${settings.api_version}`,
  headers: async (ctx, isRenewed) => ({
    authorization: `Bearer ${(await getToken(ctx, isRenewed)).value}`,
    ...(ctx.settings.allow_duplicates ? { 'sforce-duplicate-rule-header': 'allowSave=true' } : {}),
  }),
  canRenew: true,
  readVerdict,
})

/** @throws {ConnectorFault} For everything but a 2xx that can be read. */
export async function exchange(ctx: Context, request: RestRequest): Promise<RestAnswer> {
  return await send({ ...ctx, instance: await instanceOf(ctx) }, request)
}

/** The host of the org, which its records' addresses begin with. */
export async function instanceOf(ctx: Context): Promise<string> {
  const own = new URL(ctx.settings.base_url).origin
  const { origin = own } = await getToken(ctx, false)
  if (!URL.canParse(origin)) throw strangeInstance()
  const url = new URL(origin)
  const isSalesforce = url.protocol === 'https:' && url.hostname.endsWith('.salesforce.com')
  if (url.origin !== own && !isSalesforce) throw strangeInstance()
  return url.origin
}

const strangeInstance = (): ConnectorFault =>
  new ConnectorFault({ kind: 'refused', detail: 'instance_is_not_salesforce' })

async function getToken(ctx: Context, isRefused: boolean): Promise<AccessToken> {
  try {
    return await ctx.client.get({ now: ctx.now, isRefused, fetch: () => requestToken(ctx) })
  } catch (error) {
    const isEmpty = error instanceof ConnectorFault && error.verdict.detail === 'no_token_in_answer'
    // A success without a token does not say that the credential is bad.
    if (isEmpty) throw new ConnectorFault({ kind: 'retry', detail: 'no_token_in_answer' })
    throw error
  }
}

function requestToken(ctx: Context): Promise<AccessToken> {
  const { auth, settings } = ctx
  const url = `${new URL(settings.base_url).origin}/services/oauth2/token`
  if (auth.kind === 'client') {
    const { client_id, client_secret } = auth
    const form = { grant_type: 'client_credentials', client_id, client_secret }
    return fetchToken(ctx, { url, form })
  }
  const assertion = signJwt({
    privateKey: auth.private_key,
    claims: {
      iss: auth.client_id,
      sub: auth.username,
      aud: auth.audience,
      exp: Math.floor(ctx.now().getTime() / 1_000) + JWT_LIFE_SECONDS,
    },
  })
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  return fetchToken(ctx, { url, form: { grant_type, assertion } })
}

const Problems = z.array(z.object({ errorCode: z.string(), message: z.string().optional() })).min(1)

function readVerdict(
  { status, headers, body }: HeardAnswer,
  _effect: unknown,
  now: Date,
): Verdict | null {
  if (status < 400 || status === 401 || status === 429) return null
  const [first] = Problems.safeParse(body).data ?? []
  if (first === undefined) return null
  const code = codeOf(first.errorCode)
  switch (code) {
    case 'request_limit_exceeded': {
      const asked = parseRetryAfter(headers['retry-after'], now)
      // Of any 24 hours, so something is free again soon.
      return { kind: 'limited', detail: code, until: asked ?? new Date(now.getTime() + HOUR_MS) }
    }
    case 'unable_to_lock_row':
    case 'server_unavailable':
      return { kind: 'retry', detail: code }
    case 'duplicate_value':
      return { kind: 'conflict', detail: duplicateOf(first.message) }
    case 'duplicates_detected':
      return { kind: 'conflict', detail: code }
    case 'invalid_session_id':
      return { kind: 'auth', detail: code }
  }
  return status >= 500 || status === 404 || status === 408
    ? null
    : { kind: 'refused', detail: code }
}

export const codeOf = (text: string): string =>
  /^[A-Za-z_]{1,80}$/.test(text) ? text.toLowerCase() : 'unnamed'

/** The name of the field whose value is somebody's already. */
export function duplicateOf(message: string | undefined): string {
  const [, field] = /^duplicate value found: ([A-Za-z]\w{0,79}) /.exec(message ?? '') ?? []
  return field === undefined ? 'duplicate_value' : `duplicate_${field.toLowerCase()}`
}

/** Journeys stop while there is this little left of a day. */
const LEFT_LOW = 0.05

/** Only what is left of the day's requests is told, and only where it is nearly nothing. */
export function readLimits({ headers, now }: LimitsAnswer): readonly SeenLimit[] {
  const [, used, limit] =
    /(?:^|[\s,;])api-usage=(\d{1,9})\/(\d{1,9})/.exec(headers['sforce-limit-info'] ?? '') ?? []
  const max = Number(limit)
  const remaining = Math.max(0, max - Number(used))
  if (limit === undefined || remaining > max * LEFT_LOW) return []
  return [{ limit: max, remaining, resetAt: new Date(now.getTime() + HOUR_MS) }]
}
