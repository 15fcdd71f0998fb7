import { z } from 'zod'
import { instant } from '../inputs.ts'

export const EventsSettings = z.object({
  /** `https://events.eu1.segmentapis.com`, a RudderStack data plane, or another of their like. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .refine((url) => !/[?#@]/.test(url), 'Only scheme, host and path')
    .default('https://api.segment.io'),
})

const secretText = z.string().regex(/^[\x21-\x7e]{1,512}$/)

export const EventsAuth = z.object({
  write_key: secretText.refine((key) => !key.includes(':'), 'A write key has no colon'),
  /** What numbers are hashed with; the write key when left out. Another one makes other people. */
  number_salt: secretText.optional(),
})

const who = {
  /** The system's own id of the person, such as a contact's. */
  user_id: z.string().min(1).max(255).optional(),
  /** The caller's number as the call has it; a hash of it is sent, and never the number. */
  phone: z.string().max(256).optional(),
}

const isSomebody = ({ user_id, phone }: Who): boolean =>
  user_id !== undefined || phone !== undefined
const nobody = { error: 'A person is known by user_id or phone' }

const Fields = z.record(z.string().min(1).max(255), z.json()).default({})

const event = {
  /** Such as `Call Completed`. */
  event: z.string().min(1).max(255),
  properties: Fields,
  /** When it happened; now when left out. */
  timestamp: instant.optional(),
}

export const TrackInput = z.object({ ...who, ...event }).refine(isSomebody, nobody)

export const TrackManyInput = z
  .object({ ...who, events: z.array(z.object(event)).min(1).max(100) })
  .refine(isSomebody, nobody)

export const IdentifyInput = z
  .object({ ...who, traits: Fields, timestamp: instant.optional() })
  .refine(isSomebody, nobody)

export const Sent = z.object({ message_id: z.string() })
export const SentMany = z.object({ message_ids: z.array(z.string()) })

export type EventsSettings = z.output<typeof EventsSettings>
export type EventsAuth = z.output<typeof EventsAuth>
export type Who = z.output<z.ZodObject<typeof who>>
