import { z } from 'zod'
import { budget, commonOptions, secretText } from '../rules/options.ts'

export const retellOptions = z.object({
  ...commonOptions,
  /** An API key with the webhook badge: it signs both routes. */
  api_key: secretText(),
  /** An agent whose prompt transfers to `{{bookend_transfer_to}}`. */
  transfer_agent_id: z.string().min(1).max(200).optional(),
  /** An agent whose prompt speaks `{{bookend_say}}` and hangs up. */
  say_agent_id: z.string().min(1).max(200).optional(),
  /** The phone keeps ringing meanwhile; the platform waits 10 seconds. */
  budget_ms: budget(4_000, 9_000),
})
export type RetellOptions = z.infer<typeof retellOptions>
