// Requests to any HTTP service.
//
//   input ─▶ URL below the base, headers ─▶ one exchange ─▶ verdict ─▶ JSON
//
// H1. No input leaves the base URL: segments are encoded, the origin is the connection's.
// H2. Connection headers win over a step's: neither credential nor key can be replaced.
// H3. A 2xx whose body cannot be read is a write that may have happened.

import type { ActionContext, Effect } from '@bookend/core'
import { ConnectorFault, action, classifyHttp, maybeDone } from '@bookend/core'
import type { z } from 'zod'
import { parseJson } from './parse-json.ts'
import { Answer, GetInput, SendInput } from './schema.ts'
import type { HttpAuth, HttpSettings } from './schema.ts'

type Context = ActionContext<HttpSettings, HttpAuth>

const TIMEOUT_MS = 10_000
const ANSWER_BYTES_MAX = 262_144

export const requestGet = action({
  effect: 'read',
  input: GetInput,
  output: Answer,
  timeoutMs: TIMEOUT_MS,
  run: (ctx: Context, input) => exchange(ctx, 'read', { ...input, method: 'GET' }),
})

// The class is `none`: that a service honours the key is not known here, so it is never assumed.
export const requestSend = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: SendInput,
  output: Answer,
  timeoutMs: TIMEOUT_MS,
  run: (ctx: Context, input) => exchange(ctx, 'write', input),
  preview: () => ({ status: 200, body: null }),
})

type Outgoing = z.output<typeof GetInput> & {
  readonly method: 'GET' | z.output<typeof SendInput>['method']
  readonly body?: z.output<typeof SendInput>['body']
}

async function exchange(ctx: Context, effect: Effect, input: Outgoing): Promise<Answer> {
  const hasBody = input.body !== undefined
  const request = {
    method: input.method,
    url: renderUrl(ctx.settings.base_url, input.path, input.query),
    headers: renderHeaders(ctx, effect, input.headers, hasBody),
    totalMs: Math.min(TIMEOUT_MS, Math.max(1, ctx.remainingMs())),
    maxBodyBytes: ANSWER_BYTES_MAX,
    signal: ctx.signal,
  }
  const body = hasBody ? JSON.stringify(input.body) : null
  const result = await ctx.http.send(body === null ? request : { ...request, body })
  const verdict = classifyHttp(result, effect, ctx.now())
  if (verdict.kind !== 'ok') throw new ConnectorFault(verdict)
  if (result.kind !== 'answered') throw new ConnectorFault(maybeDone(effect, result.code))
  const parsed = parseJson(result.body)
  if (!parsed.ok) throw new ConnectorFault(maybeDone(effect, 'invalid_body'))
  return { status: result.status, body: parsed.value }
}

export function renderUrl(
  base: string,
  path: readonly string[],
  query: Readonly<Record<string, string>>,
): string {
  const below = path.map((segment) => `/${encodeURIComponent(segment)}`).join('')
  const search = new URLSearchParams(query).toString()
  return `${base.replace(/\/+$/, '')}${below}${search === '' ? '' : `?${search}`}`
}

function renderHeaders(
  ctx: Context,
  effect: Effect,
  own: Readonly<Record<string, string>>,
  hasBody: boolean,
): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (hasBody) headers['content-type'] = 'application/json'
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value
  if (effect === 'write') headers[ctx.settings.key_header.toLowerCase()] = ctx.key
  const [name, value] = renderAuth(ctx.auth)
  if (name !== '') headers[name] = value
  return headers
}

function renderAuth(auth: HttpAuth): readonly [name: string, value: string] {
  switch (auth.kind) {
    case 'none':
      return ['', '']
    case 'bearer':
      return ['authorization', `Bearer ${auth.token}`]
    case 'basic': {
      const pair = Buffer.from(`${auth.user}:${auth.password}`).toString('base64')
      return ['authorization', `Basic ${pair}`]
    }
    case 'header':
      return [auth.name.toLowerCase(), auth.value]
  }
}
