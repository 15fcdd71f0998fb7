// Notes on contacts, and comments on tickets.
//
// N1. Neither has a key of its own, so the text ends with ours, and a repeat looks for that where
//     writes are seen at once: in the contact's list, and in the ticket itself.

import { action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { NoteCreateInput } from '../inputs.ts'
import { Note } from '../records.ts'
import { noteHtml } from './note-html.ts'
import { type Context, exchange, parseAnswer, refuse } from './rest.ts'
import { CommentInput } from './schema.ts'
import { getTicket } from './ticket.ts'

const WRITE_MS = 10_000
const ANSWER_BYTES_MAX = 1_048_576

const markOf = (ctx: Context): string => `[bookend:${ctx.subjectKey}]`

export const noteCreate = action({
  effect: 'write',
  idempotency: { class: 'marker', by: 'subject' },
  input: NoteCreateInput,
  output: Note,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_note', url: null }),
  run: async (ctx: Context, input) => {
    const { contact_id: contact, ticket_id: ticket, body, link } = input
    if (contact !== null && ticket !== null) refuse('note_has_one_place')
    if (ticket !== null) {
      return await comment(ctx, { id: ticket, body, link, public: false }, input.owner_id)
    }
    return await noteOnContact(ctx, contact ?? refuse('note_needs_contact_or_ticket'), input)
  },
})

const NoteAnswer = z.object({ id: z.string().min(1), body: z.string().nullable().default(null) })
const NotesAnswer = z.object({ data: z.array(NoteAnswer) })

async function noteOnContact(
  ctx: Context,
  contact: string,
  { body: text, link, owner_id: owner }: z.output<typeof NoteCreateInput>,
): Promise<z.output<typeof Note>> {
  const path = ['contacts', contact, 'notes']
  const mark = markOf(ctx)
  const listed = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path,
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  const { data } = parseAnswer(NotesAnswer, listed.body, maybeDone('read', 'invalid_body'))
  const found = data.find((note) => note.body?.includes(mark) === true)
  if (found !== undefined) return { id: found.id, url: null }
  const author = owner ?? ctx.settings.admin_id
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path,
    body: {
      json: {
        body: noteHtml(ctx, text, link, `<br>${mark}`),
        ...(author === null ? {} : { admin_id: author }),
      },
    },
  })
  const made = parseAnswer(NoteAnswer, body, maybeDone('write', 'no_id_in_answer'))
  return { id: made.id, url: null }
}

export const ticketComment = action({
  effect: 'write',
  idempotency: { class: 'marker', by: 'subject' },
  input: CommentInput,
  output: Note,
  timeoutMs: WRITE_MS,
  preview: () => ({ id: 'dry_comment', url: null }),
  run: (ctx: Context, input) => comment(ctx, input, null),
})

const PartAnswer = z.object({ type: z.literal('ticket_part'), id: z.string().min(1) })

async function comment(
  ctx: Context,
  { id, body: text, link, public: isPublic }: z.output<typeof CommentInput>,
  owner: string | null,
): Promise<z.output<typeof Note>> {
  const author = owner ?? ctx.settings.admin_id ?? refuse('admin_id_not_set')
  const mark = markOf(ctx)
  const { ticket_parts: parts } = await getTicket(ctx, id)
  const found = parts?.ticket_parts.find((part) => part.body?.includes(mark) === true)
  if (found !== undefined) return { id: found.id, url: null }
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path: ['tickets', id, 'reply'],
    body: {
      json: {
        message_type: isPublic ? 'comment' : 'note',
        type: 'admin',
        admin_id: author,
        body: noteHtml(ctx, text, link, `<br>${mark}`),
      },
    },
  })
  const made = parseAnswer(PartAnswer, body, maybeDone('write', 'no_id_in_answer'))
  return { id: made.id, url: null }
}
