// A comment on a ticket, once for each subject.
//
//   ticket's time ─▶ our mark among its comments? ─▶ else add it, if nothing was added meanwhile
//        ▲                                                  │ 409
//        └──────────────────────────────────────────────────┘
//
// C1. A comment has no key of its own, so it ends with ours, and a repeat looks for that.
// C2. Who adds says which state of the ticket was looked at; Zendesk refuses it for an older one.

import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { RecordId } from '../inputs.ts'
import { Note } from '../records.ts'
import { linkTo } from './read-records.ts'
import { type Context, api, exchange } from './rest.ts'
import { getTicket } from './ticket.ts'
import { commentHtml } from './write-values.ts'

const ANSWER_BYTES_MAX = 1_048_576
const TRIES = 3

const CommentInput = z.object({
  id: RecordId,
  body: z.string().min(1).max(5_000_000),
  /** Whether the requester sees it, and is written to about it. */
  public: z.boolean().default(false),
  link: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
})

export const ticketComment = action({
  effect: 'write',
  idempotency: { class: 'marker', by: 'subject' },
  input: CommentInput,
  output: Note,
  timeoutMs: 15_000,
  preview: () => ({ id: 'dry_comment', url: null }),
  run: async (ctx: Context, input) => {
    const mark = `[bookend:${ctx.subjectKey}]`
    const comment = {
      html_body: commentHtml(ctx, input.body, input.link, `<br>${mark}`),
      public: input.public,
    }
    for (let at = 0; at < TRIES; at += 1) {
      const { updated_at: seenAt } = await getTicket(ctx, input.id)
      const found = await findMarked(ctx, input.id, mark)
      if (found !== null) return { id: found, url: linkTo(ctx.settings, input.id) }
      const added = await addComment(ctx, input.id, comment, seenAt)
      if (added === null) continue
      // An older answer does not name what was added.
      const id = added.id ?? (await findMarked(ctx, input.id, mark))
      if (id === null) throw new ConnectorFault(maybeDone('write', 'no_id_in_answer'))
      return { id, url: linkTo(ctx.settings, input.id) }
    }
    throw new ConnectorFault({ kind: 'retry', detail: 'ticket_keeps_changing' })
  },
})

const Id = z.union([z.number().int(), z.string()]).transform(String)

const CommentsAnswer = z.object({
  comments: z.array(z.object({ id: Id, body: z.string(), html_body: z.string().default('') })),
})

async function findMarked(ctx: Context, ticket: string, mark: string): Promise<string | null> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: api('tickets', ticket, 'comments'),
    query: { sort_order: 'desc', per_page: 25 },
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  const { success, data } = CommentsAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  return data.comments.find((one) => `${one.body}${one.html_body}`.includes(mark))?.id ?? null
}

const UpdateAnswer = z.object({
  ticket: z.object({ id: Id }),
  audit: z
    .object({ events: z.array(z.object({ id: Id, type: z.string() })).default([]) })
    .optional(),
})

/** Null: the ticket was changed meanwhile, and nothing was added (C2). */
async function addComment(
  ctx: Context,
  id: string,
  comment: object,
  seenAt: string | null,
): Promise<{ readonly id: string | null } | null> {
  const guard = seenAt === null ? {} : { safe_update: true, updated_stamp: seenAt }
  try {
    const { body } = await exchange(ctx, {
      effect: 'write',
      method: 'PUT',
      path: api('tickets', id),
      body: { json: { ticket: { comment, ...guard } } },
    })
    const { success, data } = UpdateAnswer.safeParse(body)
    if (!success) throw new ConnectorFault(maybeDone('write', 'invalid_body'))
    return { id: data.audit?.events.find(({ type }) => type === 'Comment')?.id ?? null }
  } catch (error) {
    if (error instanceof ConnectorFault && error.verdict.kind === 'conflict') return null
    throw error
  }
}
