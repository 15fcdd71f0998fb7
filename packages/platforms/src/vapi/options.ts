import { z } from 'zod'
import { budget, commonOptions, secretText } from '../rules/options.ts'
import { verificationProfile } from '../rules/verification/profile.ts'

export const vapiOptions = z.object({
  ...commonOptions,
  /** The credential on the platform's server settings: HMAC is the one to choose. */
  verification: verificationProfile,
  /** Who answers unless a workflow says otherwise. Without one the call cannot go on. */
  default_agent_id: z.string().min(1).max(200).nullable().default(null),
  /** Spoken instead of a refusal, which the platform does not have. */
  reject_text: z.string().max(1_000).default('Sorry, we cannot take your call.'),
  /** Spoken when there is nobody to answer, and for empty text. */
  unavailable_text: z
    .string()
    .min(1)
    .max(1_000)
    .default('Sorry, we cannot take your call right now. Please call again later.'),
  /** A private API key, to fetch calls whose report never came. */
  api_key: secretText().optional(),
  /** The platform waits 7.5 seconds, whatever its dashboard says, and then hangs up. */
  budget_ms: budget(4_000, 6_000),
})
export type VapiOptions = z.infer<typeof vapiOptions>
