import { z } from 'zod'
import { Zone } from '../booking/input.ts'
import { email } from '../inputs.ts'

export const CaldavSettings = z.object({
  /** Of the calendar itself, such as `https://dav.example.com/calendars/reception/`. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(1_024)
    .refine((url) => !/[?#]|^[^/]+\/\/[^/]*@/.test(url), {
      error: 'Scheme, host and path; leave credentials to the connection',
    }),
  /** By whose clocks hours are read, times are told, and days without a zone are meant. */
  time_zone: Zone,
  /** Who invites, where events have attendees. */
  organizer: email.nullable().default(null),
})

const line = z.string().regex(/^[^\r\n\0]{1,4096}$/)

export const CaldavAuth = z.union([
  z.object({ user: line.regex(/^[^:]*$/, 'A user name has no colon'), password: line }),
  z.object({ token: z.string().regex(/^[\x21-\x7e]{1,4096}$/) }),
])

export type CaldavSettings = z.output<typeof CaldavSettings>
export type CaldavAuth = z.output<typeof CaldavAuth>
