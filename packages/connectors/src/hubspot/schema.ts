import { z } from 'zod'
import { ticketStatuses } from '../records.ts'

const PropertyName = z.string().regex(/^[a-z][a-z0-9_]{0,99}$/)

export const HubspotSettings = z.object({
  /** Where the credential goes, and nowhere else. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme and host')
    .default('https://api.hubapi.com'),
  /** The account's number, for links to its records. */
  portal_id: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullable()
    .default(null),
  /**
   * A text property of calls, notes, tasks and tickets whose values are unique, such as
   * `bookend_key`. With it a repeat finds what was made; without it, it looks for it.
   */
  key_property: PropertyName.nullable().default(null),
  /** A text property of contacts whose values are unique, such as `bookend_phone`. */
  phone_property: PropertyName.nullable().default(null),
  ticket_pipeline: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .default('0'),
  /** The pipeline's stages, by id, as what they mean; the first of a meaning is where tickets go. */
  ticket_stages: z
    .record(z.string().regex(/^[\w-]{1,64}$/), z.enum(ticketStatuses))
    .default({ '1': 'open', '2': 'pending', '3': 'open', '4': 'closed' }),
})

export const HubspotAuth = z.object({
  /** Of a private app, `pat-…`. */
  token: z.string().regex(/^[\x21-\x7e]{8,512}$/),
})

export type HubspotSettings = z.output<typeof HubspotSettings>
export type HubspotAuth = z.output<typeof HubspotAuth>
