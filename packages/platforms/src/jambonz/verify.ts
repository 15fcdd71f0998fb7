import type { RawRequest, Verification } from '../adapter.ts'
import { verifyTimedSignature } from '../rules/verification/timed-signature.ts'
import { verified } from '../rules/verification/verdict.ts'
import { verifyProfile } from '../rules/verification/verify-profile.ts'
import type { JambonzOptions } from './options.ts'

const TOLERANCE_MS = 300_000

/**
 * Over the raw bytes, whereas the vendor's helper signs a parsed body again; and the future and a time
 * that is no number are refused. The portal's OPTIONS is never signed, and answers nothing secret.
 */
export function verify(request: RawRequest, { auth }: JambonzOptions): Verification {
  if (isPortalQuestion(request)) return verified
  if (auth.kind === 'basic') return verifyProfile(request, auth)
  return verifyTimedSignature(request, {
    header: 'jambonz-signature',
    version: 'v1',
    secret: auth.secret,
    toleranceMs: TOLERANCE_MS,
  })
}

export const isPortalQuestion = ({ door, method }: RawRequest): boolean =>
  door === 'pre-call' && method.toUpperCase() === 'OPTIONS'
