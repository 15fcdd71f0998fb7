// Messages to channels and to people.
//
// M1. Slack knows no key of ours: a message whose answer is lost may be there, and is not sent twice.
// M2. What is posted once can be edited as often as one likes: a later step updates that message.

import type { IdempotencyClass } from '@bookend/core'
import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { renderMessage } from './render-message.ts'
import { type Context, call, json } from './rest.ts'
import { DirectInput, PostInput, SlackMessage, UpdateInput } from './schema.ts'

const WRITE_MS = 10_000

/** A replay of the run posts anew (M1). */
const once = { class: 'none', by: 'run' } as const satisfies {
  class: IdempotencyClass
  by: 'run'
}

export const messagePost = action({
  effect: 'write',
  idempotency: once,
  input: PostInput,
  output: SlackMessage,
  timeoutMs: WRITE_MS,
  bucket: 'message',
  preview: ({ channel }) => ({ id: 'dry_message', status: 'posted', channel }),
  run: (ctx: Context, input) =>
    post(ctx, input.channel, {
      ...renderMessage(ctx, input),
      ...(input.thread_id === null ? {} : { thread_ts: input.thread_id }),
    }),
})

export const messageDirect = action({
  effect: 'write',
  idempotency: once,
  input: DirectInput,
  output: SlackMessage,
  timeoutMs: WRITE_MS,
  bucket: 'message',
  preview: ({ user }) => ({ id: 'dry_message', status: 'posted', channel: user }),
  run: async (ctx: Context, input) => {
    const channel = await openConversation(ctx, input.user)
    return await post(ctx, channel, renderMessage(ctx, input))
  },
})

const OpenAnswer = z.object({ channel: z.object({ id: z.string().min(1) }) })

/** The conversation with a person. Nobody sees it being opened, and it is opened only once. */
async function openConversation(ctx: Context, user: string): Promise<string> {
  const { body } = await call(ctx, 'read', 'conversations.open', json({ users: user }))
  const { success, data } = OpenAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  return data.channel.id
}

async function post(
  ctx: Context,
  channel: string,
  message: object,
): Promise<z.output<typeof SlackMessage>> {
  const { body } = await call(
    ctx,
    'write',
    'chat.postMessage',
    json({
      channel,
      ...message,
      mrkdwn: false,
      parse: 'none',
      unfurl_links: false,
      unfurl_media: false,
    }),
  )
  return readMessage(body, 'posted')
}

export const messageUpdate = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: UpdateInput,
  output: SlackMessage,
  timeoutMs: WRITE_MS,
  preview: ({ channel, id }) => ({ id, status: 'updated', channel }),
  run: async (ctx: Context, input) => {
    const message = { channel: input.channel, ts: input.id, ...renderMessage(ctx, input) }
    const { body } = await call(ctx, 'write', 'chat.update', json({ ...message, parse: 'none' }))
    return readMessage(body, 'updated')
  },
})

const MessageAnswer = z.object({ channel: z.string().min(1), ts: z.string().min(1) })

function readMessage(body: unknown, status: string): z.output<typeof SlackMessage> {
  const { success, data } = MessageAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('write', 'no_id_in_answer'))
  return { id: data.ts, status, channel: data.channel }
}
