import type { CalendarEvent } from '../records.ts'
import type { EventCreateInput, EventUpdateInput } from './input.ts'

/** What a dry run answers for an event that is booked or changed. */
export const dryEvent = (input: EventCreateInput | EventUpdateInput): CalendarEvent => ({
  id: 'id' in input ? input.id : 'dry_event',
  title: input.title ?? null,
  description: input.description ?? null,
  location: input.location ?? null,
  start: input.start ?? '1970-01-01T00:00:00Z',
  end: input.end ?? '1970-01-01T00:00:00Z',
  all_day: false,
  zone: input.zone ?? 'UTC',
  status: input.status ?? 'confirmed',
  attendees: input.attendees ?? [],
  url: null,
  updated_at: null,
})
