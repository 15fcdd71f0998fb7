// Resend's webhooks, signed as Svix signs: Standard Webhooks under other header names.
//
// E1. The signature covers the bytes as they came, and is not older than five minutes.
// E2. Of an event its key, its name and Resend's ids are kept; whose address it was is not.
// E3. What a reader does with an email, such as to open it, is not kept.

import { findSignatureFault, type ReceiptPort, type SeenReceipt } from '@bookend/core'
import { z } from 'zod'
import type { ResendAuth, ResendSettings } from './schema.ts'

const KEY_TAG = 'bookend_key'
const KEY = /^[A-Za-z0-9_-]{1,64}$/

const Event = z.object({
  type: z
    .enum([
      'email.sent',
      'email.scheduled',
      'email.delivered',
      'email.delivery_delayed',
      'email.bounced',
      'email.complained',
      'email.failed',
      'email.suppressed',
    ])
    .transform((type) => type.replace('email.', '')),
  created_at: z.string().optional(),
  data: z.object({
    email_id: z.string().max(200).optional(),
    tags: z.union([
      z.record(z.string(), z.unknown()),
      z
        .array(z.object({ name: z.string(), value: z.unknown() }))
        .transform((tags) => Object.fromEntries(tags.map(({ name, value }) => [name, value]))),
    ]),
  }),
})

export const receipts: ReceiptPort<ResendSettings, ResendAuth> = {
  isSetUp: (_, { webhook_secret: secret }) => secret !== undefined,
  read({ headers, body, receivedAt }, _, { webhook_secret: secret }) {
    if (secret === undefined) return { ok: false, why: 'not set up' }
    const id = headers['svix-id']
    const signature = {
      'webhook-id': id,
      'webhook-timestamp': headers['svix-timestamp'],
      'webhook-signature': headers['svix-signature'],
    }
    const fault = findSignatureFault([secret], signature, body, receivedAt)
    if (fault !== null) return { ok: false, why: `signature: ${fault}` }
    const receipt = parseEvent(body, id ?? '')
    return { ok: true, receipts: receipt === null ? [] : [receipt] }
  },
}

function parseEvent(body: Uint8Array, id: string): SeenReceipt | null {
  let event: unknown
  try {
    event = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return null
  }
  const { success, data } = Event.safeParse(event)
  const key = data?.data.tags[KEY_TAG]
  if (!success || typeof key !== 'string' || !KEY.test(key)) return null
  const at = new Date(data.created_at ?? Number.NaN)
  return {
    key,
    id,
    status: data.type,
    reference: data.data.email_id ?? null,
    toldAt: Number.isNaN(at.getTime()) ? null : at,
  }
}
