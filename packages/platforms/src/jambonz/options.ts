import type { JsonObject } from '@bookend/contract'
import { z } from 'zod'
import { budget, commonOptions, secretText } from '../rules/options.ts'
import { basicProfile } from '../rules/verification/profile.ts'

const verb = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && 'verb' in value,
  { error: 'must be a verb, such as {"verb": "say", "text": "…"}' },
)

export const jambonzOptions = z.object({
  ...commonOptions,
  /** `signature` on the hosted platform, `basic` on your own. */
  auth: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('signature'), secret: secretText() }),
    basicProfile,
  ]),
  /** Who may answer: an agent’s id and its verbs, in which `{{name}}` stands for a parameter. */
  agents: z.record(z.string().min(1).max(200), z.array(verb).min(1).max(50)),
  default_agent: z.string().min(1).max(200).default('default'),
  /** For parameters that a workflow did not give. */
  placeholder_default: z.string().max(1_000).default(''),
  budget_ms: budget(3_000, 9_000),
})
export type JambonzOptions = z.infer<typeof jambonzOptions>
