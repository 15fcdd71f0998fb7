// How any HTTP service is asked, and when its answer is a success.
//
// S1. The owner's expression is the last word on what a service answered; without one it is 2xx.
// S2. An answer of which the expression cannot tell is a write that may have happened.

import type { ActionContext, Effect, Verdict } from '@bookend/core'
import { compileAnswerCondition, maybeDone } from '@bookend/core'
import { createHmac } from 'node:crypto'
import {
  type Headers,
  type HeardAnswer,
  type UnsignedRequest,
  createExchange,
} from '../rest/exchange.ts'
import { basicAuth, fetchToken } from '../rest/fetch-token.ts'
import type { TokenCache } from '../rest/token-cache.ts'
import type { HttpAuth, HttpSettings } from './schema.ts'

export type Context = ActionContext<HttpSettings, HttpAuth, TokenCache>

export const exchange = createExchange<Context>({
  base: (ctx) => ctx.settings.base_url,
  headers: renderAuth,
  canRenew: (ctx) => ctx.auth.kind === 'oauth2',
  sign,
  readVerdict,
})

async function renderAuth(ctx: Context, isRenewed: boolean): Promise<Headers> {
  const { auth } = ctx
  switch (auth.kind) {
    case 'none':
    case 'hmac':
    case 'webhook':
      return {}
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` }
    case 'basic':
      return { authorization: basicAuth(auth.user, auth.password) }
    case 'header':
      return { [auth.name]: auth.value }
    case 'oauth2': {
      const fetch = () => requestToken(ctx, auth)
      const { value } = await ctx.client.get({ now: ctx.now, isRefused: isRenewed, fetch })
      return { authorization: `Bearer ${value}` }
    }
  }
}

function requestToken(ctx: Context, auth: Extract<HttpAuth, { kind: 'oauth2' }>) {
  const { client_id, client_secret, scope, audience } = auth
  const isInBody = auth.client_in === 'body'
  return fetchToken(ctx, {
    url: auth.token_url,
    form: {
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
      ...(audience === undefined ? {} : { audience }),
      ...(isInBody ? { client_id, client_secret } : {}),
    },
    // In the header both are form-encoded first (RFC 6749, 2.3.1).
    headers: isInBody
      ? {}
      : {
          authorization: basicAuth(
            encodeURIComponent(client_id),
            encodeURIComponent(client_secret),
          ),
        },
  })
}

function sign({ auth, now }: Context, { body = '' }: UnsignedRequest): Headers {
  if (auth.kind !== 'hmac') return {}
  const { secret, header, prefix, timestamp_header: timed } = auth
  const seconds = String(Math.floor(now().getTime() / 1_000))
  const text = timed === undefined ? body : `${seconds}.${body}`
  const digest = createHmac('sha256', secret).update(text).digest('hex')
  return { [header]: prefix + digest, ...(timed === undefined ? {} : { [timed]: seconds }) }
}

type Condition = ReturnType<typeof compileAnswerCondition>

const compiled = new WeakMap<HttpSettings, Condition>()

function conditionOf(settings: HttpSettings, text: string): Condition {
  const known = compiled.get(settings) ?? compileAnswerCondition(text)
  compiled.set(settings, known)
  return known
}

function readVerdict(
  { status, headers, body = null }: HeardAnswer,
  effect: Effect,
  _now: Date,
  { settings }: Context,
): Verdict | null {
  const { success } = settings
  if (success === undefined) return status === 410 ? { kind: 'refused', detail: 'gone' } : null
  try {
    if (conditionOf(settings, success)({ status, headers, body })) return { kind: 'ok' }
  } catch {
    return status < 400 ? maybeDone(effect, 'success_not_told') : null
  }
  return status < 400 ? { kind: 'refused', detail: 'not_a_success' } : null
}
