import type { RawRequest, Verification } from '../adapter.ts'
import { verifyProfile } from '../rules/verification/verify-profile.ts'
import type { VapiOptions } from './options.ts'

/** Both routes: the platform fixes no scheme, its credential does. */
export const verify = (request: RawRequest, options: VapiOptions): Verification =>
  verifyProfile(request, options.verification)
