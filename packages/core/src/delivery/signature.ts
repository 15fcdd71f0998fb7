// Standard Webhooks signatures (symmetric, version 1): HMAC-SHA256 over `id.timestamp.body`.
//
// The grammar is stricter than the reference library's (threats C3, fact 16): an id without dots and
// a timestamp of digits only, so that no two messages share one signed text.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_PREFIX = 'whsec_'
const SECRET_BYTES = 32
const ID = /^[A-Za-z0-9_-]{1,64}$/
const TIMESTAMP = /^\d{10}$/
const SIGNATURE = /^v1,([A-Za-z0-9+/]{43}=)$/
const SIGNATURES_MAX = 10
const TOLERANCE_S = 300

export interface SignatureHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/** A new secret: `whsec_` and 256 random bits in base64. */
export const createSigningSecret = (): string =>
  SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64')

/**
 * Headers of one attempt. Each attempt is signed afresh: its body carries the attempt's number.
 *
 * @param secrets The current secret first; during a rotation the old one after it.
 */
export function signMessage(
  secrets: readonly string[],
  message: { readonly id: string; readonly sentAt: Date; readonly body: string },
): SignatureHeaders {
  if (!ID.test(message.id)) throw new RangeError('a message id is 1 to 64 of A-Z a-z 0-9 _ -')
  const timestamp = String(Math.floor(message.sentAt.getTime() / 1_000))
  const signatures = secrets.map(
    (secret) => `v1,${digest(secret, message.id, timestamp, message.body).toString('base64')}`,
  )
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}

export type SignatureFault = 'malformed' | 'stale' | 'mismatch'

/** Null when the signature holds; else why not. Freshness is judged against `receivedAt`. */
export function findSignatureFault(
  secrets: readonly string[],
  headers: Readonly<Record<string, string | undefined>>,
  body: string | Uint8Array,
  receivedAt: Date,
): SignatureFault | null {
  const id = headers['webhook-id'] ?? ''
  const timestamp = headers['webhook-timestamp'] ?? ''
  const given = (headers['webhook-signature'] ?? '').split(' ')
  if (!ID.test(id) || !TIMESTAMP.test(timestamp) || given.length > SIGNATURES_MAX)
    return 'malformed'
  const ageS = receivedAt.getTime() / 1_000 - Number(timestamp)
  if (Math.abs(ageS) > TOLERANCE_S) return 'stale'
  const expected = secrets.map((secret) => digest(secret, id, timestamp, body))
  for (const signature of given) {
    const [, encoded] = SIGNATURE.exec(signature) ?? []
    if (encoded === undefined) continue
    const bytes = Buffer.from(encoded, 'base64')
    if (expected.some((digestBytes) => timingSafeEqual(digestBytes, bytes))) return null
  }
  return 'mismatch'
}

function digest(secret: string, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
}
