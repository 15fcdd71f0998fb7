import { createHmac } from 'node:crypto'
import type { RawRequest, Verification } from '../adapter.ts'
import { headerOf } from '../read/headers.ts'
import { sameHex } from '../rules/verification/compare.ts'
import { findStaleness } from '../rules/verification/freshness.ts'
import { refused, verdict } from '../rules/verification/verdict.ts'
import type { RetellOptions } from './options.ts'

const SIGNATURE = /^v=(\d+),d=([0-9a-f]{64})$/i
const TOLERANCE_MS = 300_000

/** Both routes: HMAC over the raw body followed by the time in milliseconds. */
export function verify(request: RawRequest, options: RetellOptions): Verification {
  const header = headerOf(request, 'x-retell-signature')
  if (header === null) return refused('no x-retell-signature header')
  const [, timestamp, given] = SIGNATURE.exec(header.trim()) ?? []
  if (timestamp === undefined || given === undefined) return refused('the signature is malformed')
  const why = findStaleness(timestamp, 'ms', request.received_at, TOLERANCE_MS)
  if (why !== null) return refused(why)
  const digest = createHmac('sha256', options.api_key)
    .update(request.body)
    .update(timestamp)
    .digest()
  return verdict(sameHex(given, digest), 'the signature is not of this API key and body')
}
