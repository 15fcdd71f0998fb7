import { z } from 'zod'
import { commonOptions, secretText } from '../rules/options.ts'
import { verificationProfile } from '../rules/verification/profile.ts'

export const API = 'https://api.prod.usesimple.ai/api/v1'

const RESERVE_MS = 500

export const simpleAiOptions = z.object({
  ...commonOptions,
  /** `pre_call_webhook_auth_token` of the agent. */
  pre_call_token: secretText().optional(),
  /** False takes pre-call requests from anybody who knows the address. */
  require_auth: z.boolean().default(true),
  /** How events are signed; the platform does not publish it, so it is a setting. */
  event_verification: verificationProfile,
  /** `pre_call_webhook_timeout` of the agent. */
  timeout_ms: z.number().int().min(1_000).max(30_000).default(5_000),
  /** Send every value as text. */
  stringify_parameters: z.boolean().default(false),
  /** Name of a parameter that carries the run's id, to find the call again. */
  correlation_parameter: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, { error: 'must be a parameter name' })
    .optional(),
  /** To fetch the calls that its events only name. */
  api_key: secretText().optional(),
})
export type SimpleAiOptions = z.infer<typeof simpleAiOptions>

export const budgetMs = (options: SimpleAiOptions): number => options.timeout_ms - RESERVE_MS
