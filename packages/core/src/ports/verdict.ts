// What an answer of another system means for the step that asked.
//
//   answer or failure ─▶ classifyHttp ─▶ verdict ─▶ next, again, park, stop
//
// V1. A write that may have been executed is `unknown`, never `retry`.
// V2. What was never sent may always be tried again, unless it can never be sent.
// V3. A wait asked for by the other system is believed up to a day; nonsense is ignored.

import type { HttpResult, OutgoingCode } from './http.ts'
import { BookendError } from '../kernel/error.ts'

export type Effect = 'read' | 'write'

/** `detail` is shown to the owner: it carries no data of the caller and no credential. */
export type Verdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'retry'; readonly detail: string; readonly afterMs?: number }
  | {
      readonly kind: 'limited'
      readonly detail: string
      readonly until: Date | null
      /** Where it is not the action's own. */
      readonly bucket?: string
    }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'auth'; readonly detail: string }
  | { readonly kind: 'missing'; readonly detail: string }
  | { readonly kind: 'conflict'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }

export type FaultVerdict = Exclude<Verdict, { kind: 'ok' }>

/** How the message begins; the code of what happened follows. */
const WORDS = {
  retry: 'The other system did not do it',
  limited: 'The other system asks to wait',
  unknown: 'Nobody can tell whether it was done',
  auth: 'The other system refuses the credential',
  missing: 'The other system has no such thing',
  conflict: 'It conflicts with what the other system has',
  refused: 'The other system refuses it',
} as const satisfies Record<FaultVerdict['kind'], string>

/** An action did not succeed; the verdict says what may be done about it. */
export class ConnectorFault extends BookendError {
  override readonly name = 'ConnectorFault'
  readonly code = 'connector_fault'
  readonly retryable: boolean
  readonly verdict: FaultVerdict

  constructor(verdict: FaultVerdict, options?: ErrorOptions) {
    super(`${WORDS[verdict.kind]}: ${verdict.detail}`, options)
    this.verdict = verdict
    this.retryable = verdict.kind === 'retry' || verdict.kind === 'limited'
  }
}

const DAY_MS = 86_400_000

const NEVER_SENDABLE: ReadonlySet<OutgoingCode> = new Set([
  'invalid_url',
  'invalid_header',
  'blocked',
])

/** The end of an exchange that may have had its effect (V1). */
export function maybeDone(effect: Effect, detail: string): FaultVerdict {
  return effect === 'read' ? { kind: 'retry', detail } : { kind: 'unknown', detail }
}

/** The default table; `ok` says only that the status is 2xx, not that the body can be read. */
export function classifyHttp(result: HttpResult, effect: Effect, now: Date): Verdict {
  if (result.kind === 'answered') {
    return classifyStatus(result.status, result.headers['retry-after'], effect, now)
  }
  const { code, sent, status } = result
  if (NEVER_SENDABLE.has(code) || code === 'redirect_refused') {
    return { kind: 'refused', detail: code }
  }
  if (!sent) return { kind: code === 'tls_error' ? 'refused' : 'retry', detail: code }
  const isSuccess = status !== null && status >= 200 && status < 300
  if (status === null || isSuccess) return maybeDone(effect, code)
  return classifyStatus(status, undefined, effect, now)
}

function classifyStatus(
  status: number,
  retryAfter: string | undefined,
  effect: Effect,
  now: Date,
): Verdict {
  const detail = `http_${status}`
  if (status >= 200 && status < 300) return { kind: 'ok' }
  if (status === 401) return { kind: 'auth', detail }
  if (status === 404 && effect === 'read') return { kind: 'missing', detail }
  if (status === 408) return maybeDone(effect, detail)
  if (status === 409 || status === 412) return { kind: 'conflict', detail }
  const isLimit = status === 425 || status === 429 || (status === 503 && retryAfter !== undefined)
  if (isLimit) return { kind: 'limited', detail, until: parseRetryAfter(retryAfter, now) }
  if (status >= 300 && status < 500) return { kind: 'refused', detail }
  return maybeDone(effect, detail)
}

/** Seconds or an HTTP date; `null` is nonsense, which falls back to the caller's schedule (V3). */
export function parseRetryAfter(value: string | undefined, now: Date): Date | null {
  if (value === undefined) return null
  const text = value.trim()
  const isDate = /^[A-Za-z]{3,9},? /.test(text)
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * 1_000
    : isDate
      ? Date.parse(text) - now.getTime()
      : Number.NaN
  if (Number.isNaN(waitMs)) return null
  return new Date(now.getTime() + Math.min(Math.max(waitMs, 0), DAY_MS))
}
