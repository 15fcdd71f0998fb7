import { z } from 'zod'
import { budget, commonOptions, secretText } from '../rules/options.ts'
import { basicProfile } from '../rules/verification/profile.ts'

/** Nothing that ends a URI or a header: no white space, brackets, quotes or control characters. */
const sipUri = () =>
  z
    .string()
    .max(255)
    .regex(/^sips?:[^\s<>"'\\\p{C}]+$/u, { error: 'must be a SIP URI, such as sip:desk@10.0.0.5' })

/** Both are part of the address in the SIP server's configuration, where nothing is escaped. */
const IN_ADDRESS = /^[A-Za-z0-9._~-]+$/
const NOT_IN_ADDRESS = 'must be letters, digits and . _ ~ -'

export const sipOptions = z.object({
  ...commonOptions,
  /** What the SIP server sends with every request. */
  username: basicProfile.shape.username.regex(IN_ADDRESS, { error: NOT_IN_ADDRESS }),
  password: secretText().min(12).regex(IN_ADDRESS, { error: NOT_IN_ADDRESS }),
  /** Where a routed call goes, by the name that the connection has for the agent. */
  targets: z.record(z.string().min(1).max(200), sipUri()).default({}),
  /** Host of the gateway that reaches telephone numbers; without one no call is transferred. */
  gateway: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9.[\]:;=_-]+$/, { error: 'must be a host, such as gateway.example:5060' })
    .optional(),
  /** What speaks a sentence and hangs up: it finds the sentence in `X-Bookend-Say`. */
  say_target: sipUri().optional(),
  /** The INVITE grows by so much at most; over UDP one of more than 1,300 bytes is split or lost. */
  headers_bytes_max: z.number().int().min(128).max(8_192).default(1_024),
  /** The caller hears nothing yet. */
  budget_ms: budget(1_500, 9_000),
})
export type SipOptions = z.infer<typeof sipOptions>
