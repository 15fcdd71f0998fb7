// Snowflake's SQL API: one request for one statement.
//
//   token ─▶ statement, bindings ─▶ rows · still running · an error's number ─▶ verdict
//
// R1. Of an error only its number is told on: messages quote the statement.
// R2. A statement that ran out of its time was cancelled: nothing of it was done.
// R3. Bookend's clock and Snowflake's must agree: a key's token lives an hour.

import type { ActionContext, Effect, Verdict } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import { createHash, createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { type HeardAnswer, createExchange } from '../rest/exchange.ts'
import { signJwt } from '../rest/sign-jwt.ts'
import type { AccessToken, TokenCache } from '../rest/token-cache.ts'
import type { SnowflakeAuth, SnowflakeSettings } from './schema.ts'

export type Context = ActionContext<SnowflakeSettings, SnowflakeAuth, TokenCache>

const TOKEN_LIFE_SECONDS = 3_540
const SECOND_MS = 1_000

export const baseOf = ({ account, base_url: own }: SnowflakeSettings): string =>
  own ?? `https://${account.toLowerCase().replaceAll('_', '-')}.snowflakecomputing.com`

export const exchange = createExchange<Context>({
  base: ({ settings }) => baseOf(settings),
  headers: async (ctx, isRenewed) => {
    const kind = ctx.auth.kind === 'token' ? 'PROGRAMMATIC_ACCESS_TOKEN' : 'KEYPAIR_JWT'
    return {
      authorization: `Bearer ${await getToken(ctx, isRenewed)}`,
      'x-snowflake-authorization-token-type': kind,
    }
  },
  canRenew: ({ auth }) => auth.kind === 'key_pair',
  readVerdict,
})

async function getToken(ctx: Context, isRefused: boolean): Promise<string> {
  const { auth } = ctx
  if (auth.kind === 'token') return auth.token
  const fetch = (): Promise<AccessToken> => Promise.resolve(makeToken(ctx, auth))
  return (await ctx.client.get({ now: ctx.now, isRefused, fetch })).value
}

function makeToken(
  { settings, now }: Context,
  { user, private_key: privateKey }: Extract<SnowflakeAuth, { readonly kind: 'key_pair' }>,
): AccessToken {
  // The region is a part of the address, and of no name.
  const [account = ''] = settings.account.toUpperCase().split('.')
  const subject = `${account}.${user.toUpperCase()}`
  const issuedAt = Math.floor(now().getTime() / SECOND_MS)
  const value = signJwt({
    privateKey,
    claims: {
      iss: `${subject}.SHA256:${fingerprintOf(privateKey)}`,
      sub: subject,
      iat: issuedAt,
      exp: issuedAt + TOKEN_LIFE_SECONDS,
    },
  })
  return { value, expiresInMs: TOKEN_LIFE_SECONDS * SECOND_MS }
}

/** As `desc user` shows it: of the public key. */
function fingerprintOf(privateKey: string): string {
  try {
    const key = createPublicKey(privateKey.replaceAll(String.raw`\n`, '\n'))
    const der = key.export({ type: 'spki', format: 'der' })
    return createHash('sha256').update(der).digest('base64')
  } catch {
    throw new ConnectorFault({ kind: 'auth', detail: 'private_key_unusable' })
  }
}

const Told = z.object({ code: z.string().optional() })
const DONE = '090001'
const RUNNING = new Set(['333333', '333334'])
/** Too many wait for the table. */
const LATER = new Set(['000625', '000639'])
/** Of Snowflake's own. */
const UNCLEAR = new Set(['000603', '300002', '370001'])

function readVerdict({ status, body }: HeardAnswer, effect: Effect): Verdict | null {
  const told = Told.safeParse(body).data?.code
  const code = told !== undefined && /^\d{1,6}$/.test(told) ? told : null
  const detail = code === null ? `http_${status}` : `snowflake_${code}`
  switch (status) {
    case 200:
      // Success with another code is not understood.
      return code === DONE || code === null ? null : maybeDone(effect, detail)
    case 202:
      return code === null || RUNNING.has(code) ? null : maybeDone(effect, detail)
    case 401:
    case 403:
      return { kind: status === 401 ? 'auth' : 'refused', detail }
    case 404:
      return { kind: 'missing', detail }
    case 408:
      return { kind: 'retry', detail }
    case 422:
      if (code !== null && LATER.has(code)) return { kind: 'retry', detail }
      return code !== null && UNCLEAR.has(code)
        ? maybeDone(effect, detail)
        : { kind: 'refused', detail }
    default:
      return null
  }
}
