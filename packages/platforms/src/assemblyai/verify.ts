import type { RawRequest, Verification } from '../adapter.ts'
import { verifyBearer, verifyProfile } from '../rules/verification/verify-profile.ts'
import type { AssemblyAiOptions } from './options.ts'

export const verify = (request: RawRequest, options: AssemblyAiOptions): Verification =>
  request.door === 'pre-call'
    ? verifyBearer(request, options.pre_call_token)
    : verifyProfile(request, options.event_verification)
