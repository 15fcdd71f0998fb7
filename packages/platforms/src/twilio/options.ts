import { z } from 'zod'
import { budget, commonOptions, httpsUrl, secretText } from '../rules/options.ts'

export const twilioOptions = z.object({
  ...commonOptions,
  account_sid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/)
    .optional(),
  /** The account’s auth token: it signs every request. */
  auth_token: secretText(),
  /** The secondary token, while it is rotated. */
  secondary_auth_token: secretText().optional(),
  /** The address that Twilio calls, as it knows it: signatures cover that, not what a proxy made of it. */
  public_base_url: z.url({ protocol: /^https?$/ }).max(2_048),
  /** What Twilio calls when a conversation’s socket has closed. */
  action_url: httpsUrl().optional(),
  /** Who may answer: an agent’s id and its ConversationRelay address. */
  agents: z.record(z.string().min(1).max(200), z.url({ protocol: /^wss?$/ }).max(2_048)),
  default_agent: z.string().min(1).max(200).default('default'),
  /** Voice and language of sentences that are spoken without an agent. */
  say: z
    .object({ voice: z.string().max(100).optional(), language: z.string().max(20).optional() })
    .default({}),
  /** The caller hears ringing meanwhile; the platform waits 15 seconds. */
  budget_ms: budget(4_000, 12_000),
})
export type TwilioOptions = z.infer<typeof twilioOptions>
