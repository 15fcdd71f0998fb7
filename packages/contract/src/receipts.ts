// What another system told of an effect after it was sent.

import { z } from 'zod'
import { instant } from './primitives.ts'

export const Receipt = z
  .object({
    /** In the system's own words, such as `delivered`. */
    status: z.string(),
    /** What the system calls the effect; null: it did not say. */
    reference: z.string().nullable(),
    /** When it happened; null: it did not say. */
    told_at: instant().nullable(),
    received_at: instant(),
  })
  .meta({ id: 'Receipt' })

export type Receipt = z.infer<typeof Receipt>
