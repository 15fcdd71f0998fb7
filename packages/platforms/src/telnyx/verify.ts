import { createPublicKey, verify as verifySignature, type KeyObject } from 'node:crypto'
import type { RawRequest, Verification } from '../adapter.ts'
import { headerOf } from '../read/headers.ts'
import { findStaleness } from '../rules/verification/freshness.ts'
import { refused, verdict } from '../rules/verification/verdict.ts'
import type { TelnyxOptions } from './options.ts'

const TOLERANCE_MS = 300_000
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/

/** Both routes: Ed25519 over `<timestamp>|<raw body>`. */
export function verify(request: RawRequest, options: TelnyxOptions): Verification {
  const given = headerOf(request, 'telnyx-signature-ed25519')
  const timestamp = headerOf(request, 'telnyx-timestamp')
  if (given === null) return refused('no telnyx-signature-ed25519 header')
  if (timestamp === null) return refused('no telnyx-timestamp header')
  if (!SIGNATURE.test(given)) return refused('the signature is malformed')
  const why = findStaleness(timestamp, 's', request.received_at, TOLERANCE_MS)
  if (why !== null) return refused(why)
  const message = Buffer.concat([Buffer.from(`${timestamp}|`), request.body])
  const holds = verifySignature(
    null,
    message,
    publicKey(options.public_key),
    Buffer.from(given, 'base64'),
  )
  return verdict(holds, 'the signature is not of this account and body')
}

/** A key is derived once: that costs as much as a signature. */
const keys = new Map<string, KeyObject>()
const keysMax = 256
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

function publicKey(base64: string): KeyObject {
  const known = keys.get(base64)
  if (known !== undefined) return known
  const der = Buffer.concat([DER_PREFIX, Buffer.from(base64, 'base64')])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  if (keys.size >= keysMax) keys.clear()
  keys.set(base64, key)
  return key
}
