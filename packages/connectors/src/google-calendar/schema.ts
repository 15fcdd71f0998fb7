import { z } from 'zod'
import { Zone } from '../booking/input.ts'
import { baseUrl, tokenUrl } from '../google/schema.ts'

export const GoogleCalendarSettings = z.object({
  /** An address such as `reception@example.com`, or `primary`: that of whoever signs in. */
  calendar_id: z.string().min(1).max(254).default('primary'),
  /** By whose clocks hours are read and times are told. */
  time_zone: Zone,
  base_url: baseUrl('https://www.googleapis.com/calendar/v3'),
  token_url: tokenUrl,
})

export type GoogleCalendarSettings = z.output<typeof GoogleCalendarSettings>
