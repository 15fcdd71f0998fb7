import { action } from '@bookend/core'
import { z } from 'zod'
import { RecordId } from '../inputs.ts'
import { associate } from './create-once.ts'
import type { Context } from './rest.ts'

const Record = z.object({
  type: z.enum(['contacts', 'tickets', 'calls', 'notes', 'tasks']),
  id: RecordId,
})

export const recordAssociate = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: z.object({ from: Record, to: Record }),
  output: z.object({ associated: z.literal(true) }),
  timeoutMs: 10_000,
  preview: () => ({ associated: true as const }),
  run: async (ctx: Context, { from, to }) => {
    await associate(ctx, [from.type, from.id], [to.type, to.id])
    return { associated: true as const }
  },
})
