import type { RawRequest, Verification } from '../adapter.ts'
import { verifyProfile } from '../rules/verification/verify-profile.ts'
import type { SipOptions } from './options.ts'

/** By user name and password, for that is what a SIP server’s HTTP client can send. */
export const verify = (request: RawRequest, { username, password }: SipOptions): Verification =>
  verifyProfile(request, { kind: 'basic', username, password })
