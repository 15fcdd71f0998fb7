// Requests to any HTTP service.
//
//   input ─▶ URL below the base, headers ─▶ one exchange ─▶ verdict ─▶ JSON
//
// H1. No input leaves the base URL: segments are encoded, the origin is the connection's.
// H2. Connection headers win over a step's: neither credential nor key can be replaced.
// H3. A 2xx whose body cannot be read is a write that may have happened.

import { ConnectorFault, action, keyId, signMessage } from '@bookend/core'
import { type Context, exchange } from './exchange.ts'
import { Answer, Delivered, GetInput, QueryInput, SendInput, WebhookInput } from './schema.ts'
import type { HttpSettings } from './schema.ts'

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

export const requestQuery = action({
  effect: 'read',
  input: QueryInput,
  output: Answer,
  timeoutMs: TIMEOUT_MS,
  run: async (ctx: Context, { body: json, ...target }) => {
    const request = { ...target, effect: 'read', method: 'POST', body: { json } } as const
    const { status, body } = await exchange(ctx, request)
    return { status, body }
  },
})

export const requestSend = action({
  effect: 'write',
  // That a service honours the key is not known unless its owner says so.
  idempotency: {
    class: 'none',
    by: 'run',
    classFor: ({ key_honoured: isHonoured }: HttpSettings, { method }) => {
      if (isHonoured) return 'key'
      return method === 'PUT' || method === 'DELETE' ? 'natural' : 'none'
    },
    // As most services that know keys promise; longer is not relied on.
    keptMs: 86_400_000,
  },
  input: SendInput,
  output: Answer,
  timeoutMs: TIMEOUT_MS,
  run: async (ctx: Context, { body: json, headers, ...target }) => {
    const { status, body } = await exchange(ctx, {
      ...target,
      effect: 'write',
      headers: { ...headers, [ctx.settings.key_header]: ctx.key },
      ...(json === undefined ? {} : { body: { json } }),
    })
    return { status, body }
  },
  preview: () => ({ status: 200, body: null }),
})

export const webhookSend = action({
  effect: 'write',
  // Whoever receives by Standard Webhooks drops a `webhook-id` that it has seen.
  idempotency: { class: 'key', by: 'run' },
  input: WebhookInput,
  output: Delivered,
  timeoutMs: TIMEOUT_MS,
  run: async (ctx: Context, { path, body: json }) => {
    if (ctx.auth.kind !== 'webhook') {
      throw new ConnectorFault({ kind: 'auth', detail: 'webhook_secret_missing' })
    }
    const id = keyId(ctx.key)
    const text = JSON.stringify(json)
    const headers = signMessage([ctx.auth.secret], { id, sentAt: ctx.now(), body: text })
    const { status } = await exchange(ctx, {
      effect: 'write',
      method: 'POST',
      path,
      headers: { ...headers },
      body: { text, type: 'application/json' },
      answer: 'ignored',
    })
    return { id, status: `http_${status}` }
  },
  preview: () => ({ id: 'dry_webhook', status: 'http_204' }),
})
