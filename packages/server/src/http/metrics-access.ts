// Who may read the figures of the whole installation (threat E16).
//
// M1. With a token set, whoever sends it, and nobody else.
// M2. Without one, whoever asks on this machine. What a proxy passes on comes from elsewhere, even
//     if the proxy is on this machine.

import { createHash, timingSafeEqual } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { RequestHeaders } from './handlers.ts'
import { ProblemError } from './problem.ts'

const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** Null: they may. */
export function refuseMetrics(
  token: string | null,
  headers: RequestHeaders,
  peer: string | undefined,
): ProblemError | null {
  if (token !== null) {
    const given = headers.authorization?.replace(/^Bearer +/i, '').trim() ?? ''
    if (isSame(given, token)) return null
    return new ProblemError('unauthenticated', 'Send BOOKEND_METRICS_TOKEN as a bearer token')
  }
  const isPassedOn = PROXY_HEADERS.some((name) => headers[name] !== undefined)
  if (isLoopback(peer) && !isPassedOn) return null
  return new ProblemError(
    'forbidden',
    'Figures are for this machine alone; set BOOKEND_METRICS_TOKEN to read them from elsewhere',
  )
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))

function isLoopback(address = ''): boolean {
  const plain = address.replace(/^::ffff:/i, '')
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}
