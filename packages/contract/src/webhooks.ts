// Subscriptions to events, and the deliveries made to them (contract §6).

import { z } from 'zod'
import { EventType } from './events.ts'
import { instant, listQuery, nextCursor, text, uuid } from './primitives.ts'

/** `transcript.updated` is another name for the same type. */
const nameOfType = (type: string): string =>
  type === 'transcript.updated' ? 'call.transcript_update' : type

const eventTypes = z.array(EventType.transform(nameOfType)).max(50)

const fields = {
  url: z.url({ protocol: /^https?$/ }).max(2_048),
  event_types: eventTypes,
  description: text(500),
  payload: z.enum(['thin', 'full']),
  /** The most deliveries begun in a second; null for no limit of the subscription's own. */
  rate_per_second: z.number().min(0.1).max(1_000).nullable(),
}

export const SubscriptionCreate = z.strictObject({
  ...fields,
  event_types: eventTypes.default([]),
  description: fields.description.default(''),
  payload: fields.payload.default('thin'),
  rate_per_second: fields.rate_per_second.default(null),
})
export const SubscriptionUpdate = z
  .strictObject({ ...fields, enabled: z.boolean() })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: 'must change at least one field' })

export const endpointStates = ['unused', 'well', 'failing', 'paused', 'disabled'] as const
/** How deliveries to an endpoint fare. */
export const SubscriptionHealth = z
  .object({
    /** `paused`: after ten failures in a row, one attempt a minute asks whether it is back. */
    state: z.enum(endpointStates),
    /** To within ten seconds. */
    last_success_at: instant().nullable(),
    /** While `paused`: when it is asked again. */
    paused_until: instant().nullable(),
    /** Waiting to be sent, those between two attempts included; 10,000 stands for as many or more. */
    waiting: z.number().int(),
    /** Given up; 10,000 stands for as many or more. */
    dead: z.number().int(),
    /** When the next attempt that is planned is due; it may be overdue. */
    next_attempt_at: instant().nullable(),
    /** Of the last thousand deliveries of the last day, where one subscription is read. */
    latency: z
      .object({ attempts: z.number().int(), p50_ms: z.number(), p99_ms: z.number() })
      .nullable()
      .optional(),
  })
  .meta({ id: 'SubscriptionHealth' })

export const Subscription = z
  .object({
    id: uuid(),
    url: z.string(),
    event_types: z.array(z.string()),
    description: z.string(),
    payload: z.enum(['thin', 'full']),
    enabled: z.boolean(),
    disabled_reason: z.string().nullable(),
    disabled_at: instant().nullable().optional(),
    rate_per_second: z.number().nullable(),
    failures_in_row: z.number().int(),
    failing_since: instant().nullable(),
    /** What will become of it if nothing succeeds, once it has failed for a day. */
    warning: z.string().nullable(),
    /** Where it is read; the answer to a write leaves it out. */
    health: SubscriptionHealth.optional(),
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
/** The new secret; until then, the one before signs beside it. */
export const SubscriptionSecretRotated = z.object({
  secret: z.string(),
  previous_valid_until: instant(),
})
export const SubscriptionTested = z.object({ event_id: z.string(), delivery_id: uuid() })

/** Events from `since` on and before `until`; `event_types` left out: all that it is subscribed to. */
export const SubscriptionReplay = z
  .strictObject({
    since: instant(),
    until: instant().optional(),
    event_types: eventTypes.min(1).optional(),
    /** Leaves out what was delivered. */
    missed_only: z.boolean().default(false),
    /** Counts, and sends nothing. */
    dry_run: z.boolean().default(false),
  })
  .refine(({ since, until }) => until === undefined || new Date(since) < new Date(until), {
    error: 'must be later than since',
    path: ['until'],
  })
export const SubscriptionReplayed = z.object({
  count: z.number().int(),
  /** Where to go on when there was more than one request replays; null when that was all. */
  next_since: instant().nullable(),
})

/** Which of the dead deliveries are sent again, the oldest first; all fields left out: any. */
export const DeadResend = z.strictObject({
  /** By when the delivery was made, not the event. */
  since: instant().optional(),
  until: instant().optional(),
  event_types: eventTypes.min(1).optional(),
  limit: z.number().int().min(1).max(10_000).default(1_000),
})
export const DeadResent = z.object({
  count: z.number().int(),
  /** Still dead of those that were asked for; 10,000 stands for as many or more. */
  remaining: z.number().int(),
})

export const deliveryStatuses = ['pending', 'delivered', 'dead', 'cancelled'] as const
/** Where the time of an attempt went; null is a phase it never entered. */
export const DeliveryPhases = z.object({
  queued_ms: z.number().nullable(),
  dns_ms: z.number().nullable(),
  connect_ms: z.number().nullable(),
  tls_ms: z.number().nullable(),
  send_ms: z.number().nullable(),
  wait_ms: z.number().nullable(),
  receive_ms: z.number().nullable(),
})
export const DeliveryAttempt = z.object({
  attempt: z.number().int(),
  started_at: instant(),
  duration_ms: z.number(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  phases: DeliveryPhases.nullable(),
  /** The first 8 KiB of the answer, where one delivery is read; lists leave it out. */
  response_body: z.string().nullable().optional(),
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
/** Across endpoints. */
export const DeliverySearchQuery = z.strictObject({
  ...listQuery,
  status: z.enum(deliveryStatuses).optional(),
  endpoint_id: uuid().optional(),
  event_type: EventType.transform(nameOfType).optional(),
  /** Made at this instant or later. */
  since: instant().optional(),
})
export const DeliveryList = z.object({ deliveries: z.array(Delivery), next_cursor: nextCursor })

export type SubscriptionCreate = z.infer<typeof SubscriptionCreate>
export type SubscriptionReplay = z.infer<typeof SubscriptionReplay>
export type SubscriptionUpdate = z.infer<typeof SubscriptionUpdate>
export type Subscription = z.infer<typeof Subscription>
export type SubscriptionHealth = z.infer<typeof SubscriptionHealth>
export type DeadResend = z.infer<typeof DeadResend>
export type Delivery = z.infer<typeof Delivery>
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>
export type DeliveryStatus = (typeof deliveryStatuses)[number]
