import { z } from 'zod'
import { instant } from '../inputs.ts'
import { Message } from '../records.ts'

const Base = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#@]/.test(url), 'Only scheme and host')

const E164 = z.string().regex(/^\+[1-9]\d{6,14}$/)
const DAILY_MAX = 100_000

export const TwilioSettings = z.object({
  account_sid: z.string().regex(/^AC[0-9a-f]{32}$/),
  /** Where the credential goes, and nowhere else but `lookups_url`. */
  base_url: Base.default('https://api.twilio.com'),
  lookups_url: Base.default('https://lookups.twilio.com'),
  /** A number of the account; of messages also a name of up to 11 letters and digits. */
  from: z
    .union([E164, z.string().regex(/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/)])
    .nullable()
    .default(null),
  /** Sends instead of `from`, and is needed for messages at a later time. */
  messaging_service_sid: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/)
    .nullable()
    .default(null),
  /** Where messages and calls may go, as ISO 3166-1 alpha-2. None are left out: none may (C11). */
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).default([]),
  /** Numbers that may be reached whatever their country and type. */
  numbers: z.array(E164).max(1_000).default([]),
  /** In any 24 hours, by one process (C12). */
  per_number_a_day: z.number().int().min(1).max(DAILY_MAX).default(10),
  per_day: z.number().int().min(1).max(DAILY_MAX).default(1_000),
  /** A message of more is refused. */
  segments_max: z.number().int().min(1).max(10).default(4),
  /** Hosts that a message may link to, with all below them; no others (D12). */
  link_hosts: z
    .array(z.string().regex(/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/))
    .max(100)
    .default([]),
  /**
   * Told of every message's and call's fate; the effect's key is added to it as `k`. Bookend itself is
   * at `/receipts/twilio/<connection>`.
   */
  status_callback: z
    .url({ protocol: /^https$/ })
    .refine((url) => !/[#@]/.test(url), 'Neither a fragment nor a user')
    .nullable()
    .default(null),
})

const Secret = z.string().regex(/^[\x21-\x7e]{8,512}$/)

export const TwilioAuth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), auth_token: Secret }),
  /** Can be revoked by itself, so rather this. */
  z.object({
    kind: z.literal('key'),
    key_sid: z.string().regex(/^SK[0-9a-f]{32}$/),
    secret: Secret,
    /** The account's, for what Twilio signs with it; nothing is sent with it. */
    auth_token: Secret.optional(),
  }),
])

const number = z.string().max(256)

export const SmsInput = z.object({
  to: number,
  text: z.string().min(1).max(1_600),
  /** How long it is worth sending; Twilio drops it afterwards. */
  valid_seconds: z.number().int().min(1).max(36_000).optional(),
})

export const SmsScheduleInput = SmsInput.omit({ valid_seconds: true }).extend({
  /** Between 5 minutes and 35 days ahead. */
  send_at: instant,
})

export const MessageSid = z.string().regex(/^(?:SM|MM)[0-9a-f]{32}$/)
export const CallSid = z.string().regex(/^CA[0-9a-f]{32}$/)

export const CallCreateInput = z
  .object({
    to: number,
    /** In place of the connection's. */
    from: E164.optional(),
    /** Where Twilio asks, by POST, what to do on the call. */
    url: z
      .url({ protocol: /^https$/ })
      .max(2_000)
      .optional(),
    /** Spoken to whoever answers; then it hangs up. */
    say: z.string().min(1).max(3_000).optional(),
    language: z
      .string()
      .regex(/^[a-z]{2,3}-[A-Z]{2}$/)
      .default('en-US'),
    ring_seconds: z.number().int().min(5).max(600).default(30),
    detect_machine: z.boolean().default(false),
  })
  .refine(({ url, say }) => (url === undefined) !== (say === undefined), {
    error: 'Either url or say',
  })

export const LookupInput = z.object({ phone: number })

/** `segments` is what the message is billed as. */
export const SentSms = Message.extend({ segments: z.number().int().min(1) })

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

export const Sms = Message.extend({
  direction: text,
  from: text,
  to: text,
  text,
  segments: z.number().int().nullable(),
  error_code: z.string().nullable(),
  sent_at: time,
})

export const PhoneCall = Message.extend({
  direction: text,
  from: text,
  to: text,
  answered_by: text,
  duration_seconds: z.number().nullable(),
  started_at: time,
  ended_at: time,
})

export const LookedUp = z.object({
  phone: z.string(),
  is_valid: z.boolean(),
  country: text,
  /** Twilio's own word, such as `mobile`, `landline` or `nonFixedVoip`; null: not known. */
  line_type: text,
  carrier: text,
})

export type TwilioSettings = z.output<typeof TwilioSettings>
export type TwilioAuth = z.output<typeof TwilioAuth>
export type Sms = z.output<typeof Sms>
export type PhoneCall = z.output<typeof PhoneCall>
