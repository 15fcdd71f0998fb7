import { escapeHtml } from '@bookend/core'
import type { EventCreateInput, EventUpdateInput } from '../booking/input.ts'
import { type GoogleEvent, readEvent } from './read-event.ts'
import type { Context } from './rest.ts'

export type Patch = Readonly<Record<string, unknown>>

/** Only what differs from what is there (E2). */
export function patchOf(ctx: Context, current: GoogleEvent, input: EventUpdateInput): Patch {
  const { title, description, location, status, start, end, attendees } = input
  const was = readEvent(ctx, current)
  const patch: Record<string, unknown> = {}
  const set = (name: string, now: string | null, wanted: string | undefined): void => {
    if (wanted !== undefined && wanted !== (now ?? '')) patch[name] = wanted
  }
  set('summary', was.title, title)
  set(
    'description',
    was.description,
    description === undefined ? undefined : escapeHtml(description),
  )
  set('location', was.location, location)
  set('status', was.status, status)
  if (start !== undefined && end !== undefined) {
    const isSame =
      !was.all_day &&
      Date.parse(was.start) === Date.parse(start) &&
      Date.parse(was.end) === Date.parse(end)
    const timeZone = input.zone ?? ctx.settings.time_zone
    // Null takes out the day of one that lasted all of it.
    const render = (dateTime: string) => ({ dateTime, timeZone, date: null })
    if (!isSame) Object.assign(patch, { start: render(start), end: render(end) })
  }
  if (attendees !== undefined) {
    const emails = (all: readonly { readonly email: string }[]): string =>
      JSON.stringify(all.map(({ email }) => email.toLowerCase()).toSorted())
    if (emails(was.attendees) !== emails(attendees)) {
      patch['attendees'] = attendees.map(renderAttendee)
    }
  }
  return patch
}

export const renderAttendee = ({ email, name }: EventCreateInput['attendees'][number]) => ({
  email,
  ...(name === null ? {} : { displayName: name }),
})
