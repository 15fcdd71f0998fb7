// A LiveKit webhook carries a token that signs the digest of its body.
//
// L1. HS256 and nothing else: what a token says of its own algorithm is checked, not followed.
// L2. Issuer, times and digest are all required: an ordinary access token has no digest and fails.

import { createHash, createHmac } from 'node:crypto'
import type { RawRequest, Verification } from '../adapter.ts'
import { fieldsOf, numberOf, textOf, type Fields } from '../read/fields.ts'
import { headerOf } from '../read/headers.ts'
import { parseJsonBody } from '../read/json.ts'
import { sameBase64, sameText } from '../rules/verification/compare.ts'
import { refused, verdict } from '../rules/verification/verdict.ts'
import { verifyBearer, verifyProfile } from '../rules/verification/verify-profile.ts'
import type { LiveKitOptions } from './options.ts'

const LEEWAY_S = 10
const TOKEN = /^(?:Bearer\s+)?([\w-]+)\.([\w-]+)\.([\w-]+)$/i
const tokenMax = 4_096

export function verify(request: RawRequest, options: LiveKitOptions): Verification {
  if (request.door === 'pre-call') return verifyBearer(request, options.pre_call_token)
  if (isAgentPost(request)) {
    const { event_secret: secret } = options
    if (secret === undefined) return refused('no event_secret is configured')
    return verifyProfile(request, { kind: 'standard-webhooks', secret, header_prefix: 'webhook-' })
  }
  return verifyToken(request, options)
}

/** LiveKit sends no transcript: the agent posts it, signed in its own way. */
export const isAgentPost = (request: RawRequest): boolean =>
  headerOf(request, 'webhook-signature') !== null

function verifyToken(request: RawRequest, options: LiveKitOptions): Verification {
  const header = headerOf(request, 'authorization')
  if (header === null) return refused('no authorization header')
  const parts = header.length > tokenMax ? null : TOKEN.exec(header.trim())
  if (parts === null) return refused('the token is malformed')
  const [, head = '', payload = '', signature = ''] = parts
  if (decode(head)['alg'] !== 'HS256') return refused('the token is not signed with HS256')
  const expected = createHmac('sha256', options.api_secret)
    .update(`${head}.${payload}`)
    .digest('base64url')
  if (!sameText(signature, expected)) return refused('the token is not of this API secret')
  return verifyClaims(request, decode(payload), options)
}

const decode = (part: string): Fields => fieldsOf(parseJsonBody(Buffer.from(part, 'base64url')))

function verifyClaims(
  request: RawRequest,
  claims: Fields,
  { api_key: key }: LiveKitOptions,
): Verification {
  const receivedS = Date.parse(request.received_at) / 1_000
  const [notBefore, expires] = [numberOf(claims['nbf']), numberOf(claims['exp'])]
  if (claims['iss'] !== key) return refused('the token is of another API key')
  if (expires === null || !(receivedS <= expires + LEEWAY_S))
    return refused('the token has expired')
  if (notBefore !== null && !(receivedS >= notBefore - LEEWAY_S)) {
    return refused('the token is from the future')
  }
  const digest = createHash('sha256').update(request.body).digest()
  const holds = sameBase64(textOf(claims['sha256']) ?? '', digest)
  return verdict(holds, 'the token is not of this body')
}
