// One batch to the collector.
//
//   messages ─▶ limits ─▶ POST /v1/batch ─▶ verdict
//
// B1. A collector answers 200 to nearly everything, also to what it throws away: what is over its
//     limits is refused here and not sent.
// B2. A repeat has the same message ids, by which a collector drops it within its window.
// B3. A phone number leaves as a keyed hash only.

import type { ActionContext, Effect, Verdict } from '@bookend/core'
import { ConnectorFault, keyId } from '@bookend/core'
import { createHmac } from 'node:crypto'
import { type HeardAnswer, createExchange } from '../rest/exchange.ts'
import { basicAuth } from '../rest/fetch-token.ts'
import type { EventsAuth, EventsSettings, Who } from './schema.ts'

export type Context = ActionContext<EventsSettings, EventsAuth>

export interface Message {
  readonly type: 'track' | 'identify'
  readonly messageId: string
  readonly timestamp: string
  readonly userId?: string
  readonly anonymousId?: string
  readonly [field: string]: unknown
}

const MESSAGE_BYTES_MAX = 32_768
const BATCH_BYTES_MAX = 512_000
const SEND_MS = 10_000

const exchange = createExchange<Context>({
  base: ({ settings }) => settings.base_url,
  headers: ({ auth }) => ({ authorization: basicAuth(auth.write_key, '') }),
  readVerdict,
})

/** @throws {ConnectorFault} It was not taken, or is more than a collector takes. */
export async function sendBatch(
  ctx: Context,
  messages: readonly Message[],
  effect: Effect = 'write',
): Promise<void> {
  const batch = { batch: messages, sentAt: ctx.now().toISOString() }
  const isOver =
    messages.some((message) => sizeOf(message) > MESSAGE_BYTES_MAX) ||
    sizeOf(batch) > BATCH_BYTES_MAX
  if (isOver) throw new ConnectorFault({ kind: 'refused', detail: 'event_too_large' })
  await exchange(ctx, {
    effect,
    method: 'POST',
    path: ['v1', 'batch'],
    body: { json: batch },
    timeoutMs: SEND_MS,
    // Some answer JSON, some a word.
    answer: 'ignored',
  })
}

/** What every message has, whoever it is about. */
export function messageOf(
  ctx: Context,
  { user_id: userId, phone }: Who,
  timestamp: string | undefined,
  messageId: string = keyId(ctx.key),
) {
  const number = phone === undefined ? null : ctx.phone.parse(phone)
  // A caller without a number is somebody new each time.
  const nobody = userId === undefined ? keyId(ctx.subjectKey) : null
  const anonymousId = number === null ? nobody : hashNumber(ctx.auth, number.e164)
  return {
    messageId,
    timestamp: timestamp ?? ctx.now().toISOString(),
    context: { library: { name: 'bookend' } },
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === null ? {} : { anonymousId }),
  }
}

const hashNumber = ({ write_key: key, number_salt: salt = key }: EventsAuth, e164: string) =>
  createHmac('sha256', salt).update(e164).digest('hex').slice(0, 40)

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

function readVerdict({ status, body }: HeardAnswer): Verdict | null {
  const isRefused =
    status === 200 && typeof body === 'object' && body !== null && !Array.isArray(body)
      ? body['success'] === false
      : false
  return isRefused ? { kind: 'refused', detail: 'not_taken' } : null
}
