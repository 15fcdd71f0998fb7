import { z } from 'zod'
import { budget, commonOptions, secretText } from '../rules/options.ts'
import { verificationProfile } from '../rules/verification/profile.ts'

export const assemblyAiOptions = z.object({
  ...commonOptions,
  /** The token in the request that we have the platform send. */
  pre_call_token: secretText(),
  /** How events are signed is not published: the address carries the secret until it is. */
  event_verification: verificationProfile,
  /** What workflows may answer: the platform reads only what its request names. */
  declared_parameters: z.array(z.string().min(1).max(64)).max(200).default([]),
  /** Let workflows set the greeting. */
  allow_greeting: z.boolean().default(true),
  /** The platform waits 800 ms at most: the tightest of all. */
  budget_ms: budget(600, 700),
})
export type AssemblyAiOptions = z.infer<typeof assemblyAiOptions>
