import type { RawRequest, Verification } from '../adapter.ts'
import { refused, verified } from '../rules/verification/verdict.ts'
import { verifyBearer, verifyProfile } from '../rules/verification/verify-profile.ts'
import type { SimpleAiOptions } from './options.ts'

export function verify(request: RawRequest, options: SimpleAiOptions): Verification {
  if (request.door === 'events') return verifyProfile(request, options.event_verification)
  if (!options.require_auth) return verified
  if (options.pre_call_token === undefined) return refused('no pre_call_token is configured')
  return verifyBearer(request, options.pre_call_token)
}
