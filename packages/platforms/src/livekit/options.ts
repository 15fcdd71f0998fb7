import { z } from 'zod'
import { budget, commonOptions, secretText } from '../rules/options.ts'

export const liveKitOptions = z.object({
  ...commonOptions,
  /** What the agent’s own code sends when it asks. */
  pre_call_token: secretText(),
  /** Key and secret of the project: they sign its webhooks. */
  api_key: z.string().min(1).max(200),
  api_secret: secretText(),
  /** The secret with which the agent signs the transcript it posts; without one it posts none. */
  event_secret: secretText().startsWith('whsec_').optional(),
  /** The caller hears silence meanwhile, for the room is connected. */
  budget_ms: budget(1_500, 5_000),
})
export type LiveKitOptions = z.infer<typeof liveKitOptions>
