import { z } from 'zod'
import { budget, commonOptions, secretText } from '../rules/options.ts'

const variable = z.union([z.string().max(10_000), z.number(), z.boolean()])

export const elevenLabsOptions = z.object({
  ...commonOptions,
  /** The header that carries the secret of the pre-call request, which is not signed. */
  auth_header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'must be a header name' })
    .toLowerCase()
    .default('x-bookend-secret'),
  header_secret: secretText(),
  /** Secret of the workspace’s post-call webhook. */
  webhook_secret: secretText(),
  /** The one before it, while it is rotated. */
  previous_webhook_secret: secretText().optional(),
  /**
   * What each agent’s prompt names, with what to send when a workflow gives nothing: an answer that
   * lacks one of them breaks the conversation.
   */
  agent_variables: z
    .record(z.string().max(200), z.record(z.string().max(200), variable))
    .default({}),
  /** Overrides that are enabled in the agent’s Security tab; others are refused there. */
  allowed_overrides: z.array(z.enum(['first_message'])).default([]),
  /** To fetch conversations whose end was never reported. */
  api_key: secretText().optional(),
  /** The platform does not say how long it waits; it asks while the call is being connected. */
  budget_ms: budget(2_000, 3_000),
})
export type ElevenLabsOptions = z.infer<typeof elevenLabsOptions>
