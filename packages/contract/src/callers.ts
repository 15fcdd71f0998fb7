import { z } from 'zod'
import { text, uuid } from './primitives.ts'

/** A call that is about to come: what its workflow would look up may be looked up now. */
export const CallerPrefetch = z.strictObject({
  from_number: text(256).min(1),
  agent_id: uuid(),
  /** Which number is called; one of the agent's, when it is left out. */
  to_number: text(256).min(1).optional(),
})

export const prefetchStatuses = ['started', 'busy', 'nothing_to_warm'] as const

/**
 * `busy`: calls come first, and this one will look up for itself. `nothing_to_warm`: the agent asks no
 * workflow of this server.
 */
export const PrefetchAnswer = z
  .object({ status: z.enum(prefetchStatuses) })
  .meta({ id: 'PrefetchAnswer' })

export type CallerPrefetch = z.infer<typeof CallerPrefetch>
export type PrefetchAnswer = z.infer<typeof PrefetchAnswer>
