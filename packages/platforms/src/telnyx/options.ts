import { z } from 'zod'
import { commonOptions, secretText } from '../rules/options.ts'

const RESERVE_MS = 200

export const telnyxOptions = z.object({
  ...commonOptions,
  /** The account’s public key, in base64: the platform signs both routes with the other half. */
  public_key: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, { error: 'must be the 32 bytes of a public key in base64' }),
  /** `dynamic_variables_webhook_timeout_ms` of the assistant; 4,000 leaves room for lookups. */
  timeout_ms: z.number().int().min(400).max(10_000).default(1_500),
  /** To fetch the transcript, which no event carries. */
  api_key: secretText().optional(),
})
export type TelnyxOptions = z.infer<typeof telnyxOptions>

export const budgetMs = (options: TelnyxOptions): number => options.timeout_ms - RESERVE_MS
