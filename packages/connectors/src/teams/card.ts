// C1. A flow knows no key of ours: a card whose answer is lost may be there, and is not sent twice.
// C2. That the flow took the card does not say that it posted it.

import { action } from '@bookend/core'
import { Message } from '../records.ts'
import { renderCard } from './render-card.ts'
import { type Context, callFlow } from './rest.ts'
import { CardInput } from './schema.ts'

export const cardPost = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: CardInput,
  output: Message,
  timeoutMs: 10_000,
  preview: () => ({ id: 'dry_card', status: 'accepted' }),
  run: async (ctx: Context, input) => {
    const { headers } = await callFlow(ctx, 'write', renderCard(ctx, input))
    // By which the flow's history names what became of it.
    const id = headers['x-ms-workflow-run-id'] ?? ''
    return { id: id === '' ? ctx.key : id, status: 'accepted' }
  },
})
