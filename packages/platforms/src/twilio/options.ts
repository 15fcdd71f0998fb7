import { z } from 'zod'
import { isE164 } from '../rules/numbers.ts'
import { budget, commonOptions, httpsUrl, secretText } from '../rules/options.ts'

const socketUrl = () => z.url({ protocol: /^wss?$/ }).max(2_048)
const number = () => z.string().refine(isE164, { error: 'must be a number like +15550100900' })

export const twilioOptions = z.object({
  ...commonOptions,
  account_sid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/)
    .optional(),
  /** Twilio’s API, where the account is of another region. */
  api_base_url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .default('https://api.twilio.com'),
  /** The account’s auth token: it signs every request. */
  auth_token: secretText(),
  /** The secondary token, while it is rotated. */
  secondary_auth_token: secretText().optional(),
  /** The address that Twilio calls, as it knows it: signatures cover that, not what a proxy made of it. */
  public_base_url: z.url({ protocol: /^https?$/ }).max(2_048),
  /** What Twilio calls when a conversation’s socket has closed. */
  action_url: httpsUrl().optional(),
  /** Who may answer: an agent’s id and its ConversationRelay address. */
  agents: z.record(z.string().min(1).max(200), socketUrl()).default({}),
  /** Bookend itself speaks for every agent that `agents` does not name. */
  relay: z
    .object({
      /** wss://…/platforms/twilio/<connection>/relay, as Twilio reaches it. */
      url: socketUrl(),
      /** Of what is heard and spoken, such as en-US; Twilio’s own default when left out. */
      language: z.string().min(2).max(35).optional(),
      voice: z.string().max(200).optional(),
      /** Whom the agent may give a call to: a name for it to say, and a number. */
      transfer_to: z.record(z.string().min(1).max(100), number()).default({}),
      /** Who of them takes a call when the language model is lost. */
      rescue: z.string().max(100).optional(),
      /** Said when the language model gave no answer. */
      excuse: z
        .string()
        .min(1)
        .max(500)
        .default('Sorry, I did not get that. Could you say it again?'),
    })
    .refine(({ rescue, transfer_to: to }) => rescue === undefined || Object.hasOwn(to, rescue), {
      error: 'must be a name of transfer_to',
      path: ['rescue'],
    })
    .optional(),
  /** The number of this account that calls are placed from when nothing else is said. */
  from_number: number().optional(),
  default_agent: z.string().min(1).max(200).default('default'),
  /** Voice and language of sentences that are spoken without an agent. */
  say: z
    .object({ voice: z.string().max(100).optional(), language: z.string().max(20).optional() })
    .default({}),
  /** The caller hears ringing meanwhile; the platform waits 15 seconds. */
  budget_ms: budget(4_000, 12_000),
})
export type TwilioOptions = z.infer<typeof twilioOptions>
