import type { RawRequest, Verification } from '../adapter.ts'
import { verifyTimedSignature } from '../rules/verification/timed-signature.ts'
import { verifyProfile } from '../rules/verification/verify-profile.ts'
import type { ElevenLabsOptions } from './options.ts'

const TOLERANCE_MS = 1_800_000

/**
 * The pre-call request carries a secret, events are signed. Stricter than the vendor's helper: it lets
 * the future and a time that is no number pass.
 */
export function verify(request: RawRequest, options: ElevenLabsOptions): Verification {
  if (request.door === 'pre-call') {
    const { auth_header: header, header_secret: secret } = options
    return verifyProfile(request, { kind: 'header-secret', header, secret })
  }
  const verifyWith = (secret: string) =>
    verifyTimedSignature(request, {
      header: 'elevenlabs-signature',
      version: 'v0',
      secret,
      toleranceMs: TOLERANCE_MS,
    })
  const verdict = verifyWith(options.webhook_secret)
  const previous = options.previous_webhook_secret
  return verdict.ok || previous === undefined ? verdict : verifyWith(previous)
}
