// SendGrid's signed event webhook.
//
// E1. The signature covers the bytes as they came: nothing is parsed before it holds.
// E2. Of an event its key, its name and SendGrid's ids are kept; whose address it was is not.
// E3. What a reader does with an email, such as to open it, is not kept.

import type { ReceiptPort, SeenReceipt } from '@bookend/core'
import { verify } from 'node:crypto'
import { z } from 'zod'
import { readPublicKey, type SendgridAuth, type SendgridSettings } from './schema.ts'

const Event = z.object({
  event: z.enum(['processed', 'deferred', 'delivered', 'bounce', 'dropped']),
  bookend_key: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  sg_event_id: z.string().min(1).max(200),
  sg_message_id: z.string().max(200).optional(),
  timestamp: z.number().int().min(0).max(100_000_000_000).optional(),
})

export const receipts: ReceiptPort<SendgridSettings, SendgridAuth> = {
  isSetUp: ({ event_key: key }) => key !== null,
  read({ headers, body }, { event_key: key }) {
    if (key === null) return { ok: false, why: 'not set up' }
    const signature = Buffer.from(headers['x-twilio-email-event-webhook-signature'] ?? '', 'base64')
    const timestamp = headers['x-twilio-email-event-webhook-timestamp'] ?? ''
    const signed = Buffer.concat([Buffer.from(timestamp), body])
    if (!verify('sha256', signed, readPublicKey(key), signature)) {
      return { ok: false, why: 'wrong signature' }
    }
    const events = parseEvents(body)
    return events === null
      ? { ok: false, why: 'no list of events' }
      : { ok: true, receipts: events }
  },
}

function parseEvents(body: Uint8Array): readonly SeenReceipt[] | null {
  let events: unknown
  try {
    events = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return null
  }
  if (!Array.isArray(events)) return null
  return events.flatMap((event: unknown) => {
    const { success, data } = Event.safeParse(event)
    if (!success) return []
    const { event: status, bookend_key: key, sg_event_id: id, sg_message_id, timestamp } = data
    const toldAt = timestamp === undefined ? null : new Date(timestamp * 1_000)
    return [{ key, id, status, reference: sg_message_id ?? null, toldAt }]
  })
}
