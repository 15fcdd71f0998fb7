import { createHmac } from 'node:crypto'
import type { RawRequest, Verification } from '../../adapter.ts'
import { headerOf } from '../../read/headers.ts'
import { sameHex } from './compare.ts'
import { findStaleness } from './freshness.ts'
import { refused, verdict } from './verdict.ts'

const signaturesMax = 10

/**
 * `t=<unix s>,<version>=<hex>`, HMAC-SHA256 over `t.body`: parts in any order, spaces allowed, several
 * signatures while a secret is rotated.
 */
export function verifyTimedSignature(
  request: RawRequest,
  scheme: {
    readonly header: string
    readonly version: string
    readonly secret: string
    readonly toleranceMs: number
  },
): Verification {
  const header = headerOf(request, scheme.header)
  if (header === null) return refused(`no ${scheme.header} header`)
  let timestamp: string | null = null
  const given: string[] = []
  for (const part of header.split(',')) {
    const at = part.indexOf('=')
    const [name, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    if (name === 't' && timestamp === null) timestamp = value
    else if (name === scheme.version) given.push(value)
  }
  if (timestamp === null || given.length === 0 || given.length > signaturesMax) {
    return refused('the signature is malformed')
  }
  const why = findStaleness(timestamp, 's', request.received_at, scheme.toleranceMs)
  if (why !== null) return refused(why)
  const digest = createHmac('sha256', scheme.secret)
    .update(`${timestamp}.`)
    .update(request.body)
    .digest()
  const holds = given.some((one) => sameHex(one, digest))
  return verdict(holds, 'the signature is not of this secret and body')
}
