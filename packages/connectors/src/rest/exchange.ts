// The one exchange of every connector that speaks JSON over HTTP.
//
//   request ─▶ URL below the base, headers ─▶ ctx.http ─▶ verdict: the system's own, else the table
//                     ▲                                        │ auth, and the token can be renewed
//                     └────────────── once more ───────────────┘
//
// X1. One request, never repeated: only a 401, by which nothing was done, is followed by a second
//     with a renewed token.
// X2. No input leaves the base URL, and none replaces a header of the connection.
// X3. A 2xx that cannot be read is a write that may have happened.
// X4. A system's own reading of an answer is heard before the table of statuses, and never of what
//     was not answered.

import type { ActionContext, Effect, FaultVerdict, HttpRequest, Verdict } from '@bookend/core'
import { ConnectorFault, classifyHttp, maybeDone } from '@bookend/core'
import { type Json, parseJson } from './parse-json.ts'
import { type QueryValue, renderUrl } from './render-url.ts'

export type Headers = Readonly<Record<string, string>>

export interface RestRequest {
  readonly effect: Effect
  readonly method: HttpRequest['method']
  /** Segments below the base, encoded here. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, QueryValue>>
  readonly headers?: Headers
  readonly body?: RestBody
  /** 10 seconds when left out, and never more than what is left of the step. */
  readonly timeoutMs?: number
  /** 256 KiB when left out; a search may take up to 1 MiB. */
  readonly maxBodyBytes?: number
  /** Whether the body says anything; one that is ignored may be anything, and is `null`. */
  readonly answer?: 'read' | 'ignored'
}

export type RestBody =
  | { readonly json: unknown }
  | { readonly form: Readonly<Record<string, QueryValue>> | readonly (readonly [string, string])[] }
  | { readonly text: string; readonly type: string }

export interface RestAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Headers
  /** `null` where the answer has no body. */
  readonly body: Json
}

/** An answer as a system's own reading sees it: the body is `undefined` where it is no JSON. */
export interface HeardAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json | undefined
}

export interface UnsignedRequest {
  readonly method: HttpRequest['method']
  readonly url: string
  /** Names in lower case. */
  readonly headers: Headers
  readonly body?: string
}

export interface Dialect<Ctx extends RestContext> {
  base(ctx: Ctx): string
  /**
   * Headers of the connection, the credential among them.
   *
   * @param isRenewed The last ones were answered with 401: ask for a new token.
   */
  headers(ctx: Ctx, isRenewed: boolean): Headers | Promise<Headers>
  /** Headers that depend on what is sent, such as its signature. */
  sign?(ctx: Ctx, unsigned: UnsignedRequest): Headers
  /** A 401 may be the token's age. */
  readonly canRenew?: boolean | ((ctx: Ctx) => boolean)
  /** What the system means by an answer; null where the table of statuses says it well. */
  readVerdict?(heard: HeardAnswer, effect: Effect, now: Date, ctx: Ctx): Verdict | null
}

export type RestContext = Pick<
  ActionContext<unknown, unknown, unknown>,
  'http' | 'signal' | 'remainingMs' | 'now'
>

export type Exchange<Ctx extends RestContext> = (
  ctx: Ctx,
  request: RestRequest,
) => Promise<RestAnswer>

const TIMEOUT_MS = 10_000
const ANSWER_BYTES_MAX = 262_144

/** @returns A function that throws `ConnectorFault` for everything but a 2xx that can be read. */
export function createExchange<Ctx extends RestContext>(dialect: Dialect<Ctx>): Exchange<Ctx> {
  return async (ctx, request) => {
    const rendered = renderRequest(dialect.base(ctx), request)
    const first = await send(dialect, ctx, request, rendered, await dialect.headers(ctx, false))
    if (first.kind === 'answered') return first.answer
    const { canRenew = false } = dialect
    const mayRenew = canRenew === true || (canRenew !== false && canRenew(ctx))
    if (!mayRenew || first.verdict.kind !== 'auth') {
      throw new ConnectorFault(first.verdict)
    }
    const second = await send(dialect, ctx, request, rendered, await dialect.headers(ctx, true))
    if (second.kind === 'answered') return second.answer
    throw new ConnectorFault(second.verdict)
  }
}

type Rendered = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'effect'> & {
  readonly body?: string
}

type Outcome =
  | { readonly kind: 'answered'; readonly answer: RestAnswer }
  | { readonly kind: 'failed'; readonly verdict: FaultVerdict }

async function send<Ctx extends RestContext>(
  dialect: Dialect<Ctx>,
  ctx: Ctx,
  request: RestRequest,
  rendered: Rendered,
  own: Headers,
): Promise<Outcome> {
  const { effect, timeoutMs = TIMEOUT_MS, maxBodyBytes = ANSWER_BYTES_MAX, answer } = request
  const headed = { ...rendered, headers: joinHeaders(rendered.headers ?? {}, own) }
  const signed = dialect.sign?.(ctx, headed) ?? {}
  const result = await ctx.http.send({
    ...headed,
    headers: joinHeaders(headed.headers, signed),
    totalMs: Math.min(timeoutMs, Math.max(1, ctx.remainingMs())),
    maxBodyBytes,
  })
  const byTable = classifyHttp(result, effect, ctx.now())
  if (result.kind === 'failed') {
    const verdict = byTable.kind === 'ok' ? maybeDone(effect, result.code) : byTable
    return { kind: 'failed', verdict }
  }
  const { status, headers } = result
  const parsed = parseJson(result.body)
  const heard = { status, headers, body: parsed.ok ? parsed.value : undefined }
  const verdict = dialect.readVerdict?.(heard, effect, ctx.now(), ctx) ?? byTable
  if (verdict.kind !== 'ok') return { kind: 'failed', verdict }
  if (answer === 'ignored') return { kind: 'answered', answer: { status, headers, body: null } }
  if (!parsed.ok) return { kind: 'failed', verdict: maybeDone(effect, 'invalid_body') }
  return { kind: 'answered', answer: { status, headers, body: parsed.value } }
}

function renderRequest(base: string, request: RestRequest): Rendered {
  const { method, effect, path, query, body } = request
  const url = render(() => renderUrl(base, path, query))
  const headers: Record<string, string> = { accept: 'application/json' }
  const payload = body === undefined ? null : renderBody(body)
  if (payload !== null) headers['content-type'] = payload.type
  const joined = joinHeaders(headers, request.headers ?? {})
  return {
    method,
    url,
    effect,
    headers: joined,
    ...(payload === null ? {} : { body: payload.text }),
  }
}

function render<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new ConnectorFault({ kind: 'refused', detail: 'invalid_url' }, { cause: error })
  }
}

function renderBody(body: RestBody): { readonly text: string; readonly type: string } {
  if ('text' in body) return body
  if ('json' in body) return { text: JSON.stringify(body.json), type: 'application/json' }
  const form = new URLSearchParams()
  const pairs = Array.isArray(body.form) ? body.form : Object.entries(body.form)
  for (const [name, value] of pairs) if (value !== undefined) form.append(name, String(value))
  return { text: form.toString(), type: 'application/x-www-form-urlencoded' }
}

/** The later win, whatever the case of their names (X2). */
function joinHeaders(first: Headers, later: Headers): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of [...Object.entries(first), ...Object.entries(later)]) {
    joined[name.toLowerCase()] = value
  }
  return joined
}
