// Subscriptions to events, and the deliveries made to them (contract §6).

import { z } from 'zod'
import { EventType } from './events.ts'
import { instant, listQuery, nextCursor, text, uuid } from './primitives.ts'

const eventTypes = z
  .array(
    EventType.transform((type) =>
      type === 'transcript.updated' ? 'call.transcript_update' : type,
    ),
  )
  .max(50)

const fields = {
  url: z.url({ protocol: /^https?$/ }).max(2_048),
  event_types: eventTypes,
  description: text(500),
  payload: z.enum(['thin', 'full']),
}

export const SubscriptionCreate = z.strictObject({
  ...fields,
  event_types: eventTypes.default([]),
  description: fields.description.default(''),
  payload: fields.payload.default('thin'),
})
export const SubscriptionUpdate = z
  .strictObject({ ...fields, enabled: z.boolean() })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: 'must change at least one field' })

export const Subscription = z
  .object({
    id: uuid(),
    url: z.string(),
    event_types: z.array(z.string()),
    description: z.string(),
    payload: z.enum(['thin', 'full']),
    enabled: z.boolean(),
    disabled_reason: z.string().nullable(),
    created_at: instant(),
    updated_at: instant(),
  })
  .meta({ id: 'Subscription' })

export const SubscriptionListQuery = z.strictObject(listQuery)
export const SubscriptionList = z.object({
  webhooks: z.array(Subscription),
  next_cursor: nextCursor,
})
export const SubscriptionSecret = z.object({ secret: z.string() })

export const deliveryStatuses = ['pending', 'delivered', 'dead', 'cancelled'] as const
export const DeliveryAttempt = z.object({
  attempt: z.number().int(),
  started_at: instant(),
  duration_ms: z.number(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
})
export const Delivery = z
  .object({
    id: uuid(),
    webhook_id: uuid(),
    event_id: z.string(),
    event_type: z.string(),
    call_id: uuid().nullable(),
    status: z.enum(deliveryStatuses),
    attempts: z.number().int(),
    next_attempt_at: instant().nullable(),
    last_status: z.number().int().nullable(),
    last_error: z.string().nullable(),
    created_at: instant(),
    attempt_log: z.array(DeliveryAttempt),
  })
  .meta({ id: 'Delivery' })
export const DeliveryListQuery = z.strictObject({
  ...listQuery,
  status: z.enum(deliveryStatuses).optional(),
})
export const DeliveryList = z.object({ deliveries: z.array(Delivery), next_cursor: nextCursor })

export type SubscriptionCreate = z.infer<typeof SubscriptionCreate>
export type SubscriptionUpdate = z.infer<typeof SubscriptionUpdate>
export type Subscription = z.infer<typeof Subscription>
export type Delivery = z.infer<typeof Delivery>
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>
export type DeliveryStatus = (typeof deliveryStatuses)[number]
