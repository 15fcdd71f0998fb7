import { z } from 'zod'
import { Call } from './calls.ts'
import {
  EVENT_ID,
  EVENT_TYPE,
  instant,
  jsonObject,
  listQuery,
  nextCursor,
  text,
  uuid,
} from './primitives.ts'

export const callEventTypes = [
  'call.started',
  'call.transcript_update',
  'call.completed',
  'call.analyzed',
] as const
export const ownEventTypes = [
  ...callEventTypes,
  'call.scheduled_failed',
  'handoff.opened',
  'handoff.answered',
  'webhook.test',
  'webhook.disabled',
  'connection.failed',
] as const

export const EventType = text(120).regex(EVENT_TYPE, {
  error: 'must be words joined by dots, such as sms.received',
})

/** An event of the workspace's own, idempotent by `event_id`. */
export const EventCreate = z.strictObject({
  event_type: EventType.refine((type) => !(ownEventTypes as readonly string[]).includes(type), {
    error: 'is one of Bookend’s own event types; choose another name',
  }),
  event_id: text(64).regex(EVENT_ID, { error: 'must be 1 to 64 letters, digits, _ or -' }),
  payload: jsonObject(65_536).default({}),
})
export const EventAccepted = z.object({ event_id: z.string(), duplicate: z.boolean() })

/** What a subscriber receives; `payload.call` only on a subscription with `payload: "full"`. */
export const EventEnvelope = z
  .object({
    event_type: z.string(),
    event_id: z.string(),
    created_at: instant(),
    payload: z
      .object({
        call_id: z.string().nullable(),
        attempt: z.number().int(),
        call: Call.optional(),
      })
      .catchall(z.unknown()),
  })
  .meta({ id: 'EventEnvelope' })

/** An event as it is stored: what became of it is in runs and deliveries. */
export const EventRecord = z
  .object({
    event_id: z.string(),
    event_type: z.string(),
    created_at: instant(),
    call_id: uuid().nullable(),
    /** What it says, where one event is asked for. */
    payload: z.custom<unknown>().meta({}).optional(),
  })
  .meta({ id: 'EventRecord' })
export const EventListQuery = z.strictObject({
  ...listQuery,
  event_type: EventType.optional(),
  call_id: uuid().optional(),
  /** Stored at this instant or later. */
  since: instant().optional(),
})
export const EventList = z.object({ events: z.array(EventRecord), next_cursor: nextCursor })
export const EventParams = z.strictObject({ event_id: text(64).regex(EVENT_ID) })

export type EventRecord = z.infer<typeof EventRecord>
export type EventCreate = z.infer<typeof EventCreate>
export type EventEnvelope = z.infer<typeof EventEnvelope>
