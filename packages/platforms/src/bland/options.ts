import { z } from 'zod'
import { commonOptions, secretText } from '../rules/options.ts'

const RESERVE_MS = 200

export const blandOptions = z.object({
  ...commonOptions,
  /** The token in the request that we have the platform send. */
  pre_call_token: secretText(),
  /** Account → Keys; without one the platform leaves its deliveries unsigned. */
  signing_secret: secretText(),
  /** What workflows may answer: the platform reads only what its request names. */
  declared_parameters: z.array(z.string().min(1).max(64)).max(200).default([]),
  timeout_ms: z.number().int().min(400).max(10_000).default(2_000),
  /** False asks again before every reply; a call still runs its workflow once. */
  cache: z.boolean().default(true),
  /** To fetch calls whose end was never reported. */
  api_key: secretText().optional(),
})
export type BlandOptions = z.infer<typeof blandOptions>

export const budgetMs = (options: BlandOptions): number => options.timeout_ms - RESERVE_MS
