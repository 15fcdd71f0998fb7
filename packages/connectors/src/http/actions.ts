// Requests to any HTTP service.
//
//   input ─▶ URL below the base, headers ─▶ one exchange ─▶ verdict ─▶ JSON
//
// H1. No input leaves the base URL: segments are encoded, the origin is the connection's.
// H2. Connection headers win over a step's: neither credential nor key can be replaced.
// H3. A 2xx whose body cannot be read is a write that may have happened.

import type { ActionContext } from '@bookend/core'
import { action } from '@bookend/core'
import { basicAuth } from '../rest/fetch-token.ts'
import { type Headers, createExchange } from '../rest/exchange.ts'
import { Answer, GetInput, SendInput } from './schema.ts'
import type { HttpAuth, HttpSettings } from './schema.ts'

type Context = ActionContext<HttpSettings, HttpAuth>

const TIMEOUT_MS = 10_000

export const requestGet = action({
  effect: 'read',
  input: GetInput,
  output: Answer,
  timeoutMs: TIMEOUT_MS,
  run: async (ctx: Context, input) => {
    const { status, body } = await exchange(ctx, { ...input, effect: 'read', method: 'GET' })
    return { status, body }
  },
})

// The class is `none`: that a service honours the key is not known here, so it is never assumed.
export const requestSend = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: SendInput,
  output: Answer,
  timeoutMs: TIMEOUT_MS,
  run: async (ctx: Context, { body: json, headers, ...target }) => {
    const { status, body } = await exchange(ctx, {
      ...target,
      effect: 'write',
      headers: { ...headers, ...renderKey(ctx) },
      ...(json === undefined ? {} : { body: { json } }),
    })
    return { status, body }
  },
  preview: () => ({ status: 200, body: null }),
})

const exchange = createExchange<Context>({
  base: (ctx) => ctx.settings.base_url,
  headers: (ctx) => renderAuth(ctx.auth),
})

function renderKey({ settings, key }: Context): Headers {
  return { [settings.key_header]: key }
}

function renderAuth(auth: HttpAuth): Headers {
  switch (auth.kind) {
    case 'none':
      return {}
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` }
    case 'basic':
      return { authorization: basicAuth(auth.user, auth.password) }
    case 'header':
      return { [auth.name]: auth.value }
  }
}
