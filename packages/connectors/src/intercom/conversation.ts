import { action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { TicketFindOpenInput } from '../inputs.ts'
import { noteHtml } from './note-html.ts'
import { ConversationsAnswer, readConversation } from './read-records.ts'
import { type Context, exchange, parseAnswer } from './rest.ts'
import { Conversation, CreateConversationInput } from './schema.ts'
import { search } from './search.ts'

export const conversationFindOpen = action({
  effect: 'read',
  input: TicketFindOpenInput.pick({ contact_id: true }),
  output: z.array(Conversation),
  timeoutMs: 2_000,
  bucket: 'search',
  run: async (ctx: Context, { contact_id: contact }) => {
    const filters = [
      { field: 'contact_ids', operator: '=', value: contact },
      { field: 'open', operator: '=', value: true },
    ] as const
    const found = await search(ctx, 'conversations', 'AND', filters, ConversationsAnswer)
    return found.conversations
      .map((one) => readConversation(one))
      .filter(({ status }) => status !== 'closed')
      .toSorted((a, b) => (b.updated_at ?? '').localeCompare(a.updated_at ?? ''))
  },
})

const MessageAnswer = z.object({ conversation_id: z.string().min(1) })

/** In the contact's name: Intercom shows it as if they had written. */
export const conversationCreate = action({
  effect: 'write',
  idempotency: { class: 'none', by: 'run' },
  input: CreateConversationInput,
  output: z.object({ id: z.string(), url: z.string().nullable() }),
  timeoutMs: 10_000,
  preview: () => ({ id: 'dry_conversation', url: null }),
  run: async (ctx: Context, { contact_id: contact, body: text, link }) => {
    const { body } = await exchange(ctx, {
      effect: 'write',
      method: 'POST',
      path: ['conversations'],
      body: {
        json: { from: { type: 'contact', id: contact }, body: noteHtml(ctx, text, link) },
      },
    })
    const { conversation_id: id } = parseAnswer(
      MessageAnswer,
      body,
      maybeDone('write', 'no_id_in_answer'),
    )
    return { id, url: null }
  },
})
