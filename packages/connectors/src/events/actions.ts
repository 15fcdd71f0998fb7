import { action, keyId } from '@bookend/core'
import { type Context, messageOf, sendBatch } from './batch.ts'
import { IdentifyInput, Sent, SentMany, TrackInput, TrackManyInput } from './schema.ts'

const TIMEOUT_MS = 10_000

export const eventTrack = action({
  effect: 'write',
  idempotency: { class: 'keyed_append', by: 'run' },
  input: TrackInput,
  output: Sent,
  timeoutMs: TIMEOUT_MS,
  preview: () => ({ message_id: 'dry_event' }),
  run: async (ctx: Context, { event, properties, timestamp, ...who }) => {
    const message = { type: 'track', ...messageOf(ctx, who, timestamp), event, properties } as const
    await sendBatch(ctx, [message])
    return { message_id: message.messageId }
  },
})

export const eventTrackMany = action({
  effect: 'write',
  idempotency: { class: 'keyed_append', by: 'run' },
  input: TrackManyInput,
  output: SentMany,
  timeoutMs: TIMEOUT_MS,
  preview: ({ events }) => ({ message_ids: events.map((_, at) => `dry_event-${at}`) }),
  run: async (ctx: Context, { events, ...who }) => {
    const key = keyId(ctx.key)
    const messages = events.map(({ event, properties, timestamp }, at) => ({
      type: 'track' as const,
      ...messageOf(ctx, who, timestamp, `${key}-${at}`),
      event,
      properties,
    }))
    await sendBatch(ctx, messages)
    return { message_ids: messages.map(({ messageId }) => messageId) }
  },
})

// A replay has a message id of its own: the traits that it corrects would be dropped otherwise.
export const personIdentify = action({
  effect: 'write',
  idempotency: { class: 'keyed_append', by: 'subject' },
  input: IdentifyInput,
  output: Sent,
  timeoutMs: TIMEOUT_MS,
  preview: () => ({ message_id: 'dry_person' }),
  run: async (ctx: Context, { traits, timestamp, ...who }) => {
    const message = { type: 'identify', ...messageOf(ctx, who, timestamp), traits } as const
    await sendBatch(ctx, [message])
    return { message_id: message.messageId }
  },
})
