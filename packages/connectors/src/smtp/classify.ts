// What a relay's reply, or the want of one, means for a message.
//
// E1. A connection lost after the relay's 354 may have delivered: `unknown`, never `retry`. The
//     library's own codes do not tell the two apart.
// E2. The detail is a code: a reply's text may hold an address.

import type { FaultVerdict } from '@bookend/core'

/** The wait that greylisting asks for, before the first repeat. */
const GREYLISTED_MS = 300_000

/** Replies that speak of the credential. */
const CREDENTIAL: ReadonlySet<number> = new Set([530, 534, 535, 538])

export function classifySmtp(error: unknown, isBodyAsked: boolean): FaultVerdict {
  const fields: Record<string, unknown> =
    typeof error === 'object' && error !== null ? { ...error } : {}
  const reply = typeof fields['responseCode'] === 'number' ? fields['responseCode'] : 0
  const detail = `smtp_${reply}`
  if (CREDENTIAL.has(reply)) return { kind: 'auth', detail }
  if (reply >= 500) return { kind: 'refused', detail }
  if (reply >= 400) return { kind: 'retry', detail, afterMs: GREYLISTED_MS }
  if (isBodyAsked) return { kind: 'unknown', detail: 'lost_after_data' }
  if (fields['code'] === 'EAUTH') return { kind: 'auth', detail: 'auth' }
  const isTrusted = !CERTIFICATE.test(`${codeOf(fields, 'originalCode')} ${codeOf(fields, 'code')}`)
  return isTrusted
    ? { kind: 'retry', detail: 'not_sent' }
    : { kind: 'refused', detail: 'tls_error' }
}

const CERTIFICATE = /CERT|UNABLE_TO_|ERR_TLS|ERR_SSL/

function codeOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}
