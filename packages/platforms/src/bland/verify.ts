import { createHmac } from 'node:crypto'
import type { RawRequest, Verification } from '../adapter.ts'
import { headerOf } from '../read/headers.ts'
import { sameHex } from '../rules/verification/compare.ts'
import { refused, verdict } from '../rules/verification/verdict.ts'
import { verifyBearer } from '../rules/verification/verify-profile.ts'
import type { BlandOptions } from './options.ts'

/** Our own token before the call; afterwards a signature without a time, so dedupe answers a replay. */
export function verify(request: RawRequest, options: BlandOptions): Verification {
  if (request.door === 'pre-call') return verifyBearer(request, options.pre_call_token)
  const given = headerOf(request, 'x-webhook-signature')
  if (given === null) return refused('no x-webhook-signature header')
  const digest = createHmac('sha256', options.signing_secret).update(request.body).digest()
  return verdict(sameHex(given.trim(), digest), 'the signature is not of this secret and body')
}
