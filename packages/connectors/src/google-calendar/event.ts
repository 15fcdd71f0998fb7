// Events of a calendar: booked, moved, cancelled.
//
// E1. What is booked carries our key, and is found by it wherever it was moved to.
// E2. A change is sent with the tag of what was read: what somebody else changed meanwhile is read
//     again, and where it is as wanted already nothing is sent.
// E3. A caller's words in a description are text, which Google would show as HTML.

import { ConnectorFault, action, escapeHtml } from '@bookend/core'
import { dryEvent } from '../booking/dry-event.ts'
import { type BookingPort, book, slotTaken, spanOf } from '../booking/book.ts'
import {
  EventCancelInput,
  EventCreateInput,
  EventInput,
  EventUpdateInput,
} from '../booking/input.ts'
import { nullIfMissing } from '../finding.ts'
import { CalendarEvent, Message } from '../records.ts'
import { patchOf, renderAttendee } from './patch-event.ts'
import { KEY_PROPERTY, keyOf, parseEvent, readBooked, readEvent } from './read-event.ts'
import {
  getEvent,
  list,
  listTaken,
  removeEvent,
  sendPatch,
  tell,
  unlessConflict,
} from './requests.ts'
import { type Context, calendarOf, events, exchange } from './rest.ts'

const READ_MS = 5_000
const WRITE_MS = 15_000
/** A change loses against so many others before it is the next attempt's. */
const ROUNDS_MAX = 5

const subject = { class: 'natural', by: 'subject' } as const

export const eventCreate = action({
  effect: 'write',
  idempotency: { class: 'client_id', by: 'subject' },
  input: EventCreateInput,
  output: CalendarEvent,
  timeoutMs: WRITE_MS,
  preview: dryEvent,
  run: async (ctx: Context, input) =>
    await book(portOf(ctx, input), {
      span: spanOf(input),
      subjectKey: ctx.subjectKey,
      isExclusive: input.exclusive,
    }),
})

export const eventGet = action({
  effect: 'read',
  input: EventInput,
  output: CalendarEvent.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, input) => {
    const found = await nullIfMissing(() => getEvent(ctx, calendarOf(ctx, input), input.id))
    return found === null ? null : readEvent(ctx, found)
  },
})

export const eventUpdate = action({
  effect: 'write',
  idempotency: subject,
  input: EventUpdateInput,
  output: CalendarEvent,
  timeoutMs: WRITE_MS,
  preview: dryEvent,
  run: async (ctx: Context, input) => {
    const calendar = calendarOf(ctx, input)
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const current = await getEvent(ctx, calendar, input.id)
      if (current.status === 'cancelled') {
        throw new ConnectorFault({ kind: 'missing', detail: 'event_cancelled' })
      }
      const patch = patchOf(ctx, current, input)
      if (Object.keys(patch).length === 0) return readEvent(ctx, current)
      if (input.exclusive && 'start' in patch && input.start !== undefined) {
        const span = spanOf({ start: input.start, end: input.end ?? input.start })
        const taken = await listTaken(ctx, calendar, span)
        if (taken.some(({ id }) => id !== input.id)) throw slotTaken()
      }
      const changed = await unlessConflict(() => sendPatch(ctx, calendar, input, current, patch))
      if (changed !== null) return readEvent(ctx, changed)
    }
    throw new ConnectorFault({ kind: 'retry', detail: 'changed_meanwhile' })
  },
})

export const eventCancel = action({
  effect: 'write',
  idempotency: subject,
  input: EventCancelInput,
  output: Message,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => ({ id, status: 'cancelled' }),
  run: async (ctx: Context, input) => {
    await removeEvent(ctx, calendarOf(ctx, input), input)
    return { id: input.id, status: 'cancelled' }
  },
})

function portOf(ctx: Context, input: EventCreateInput): BookingPort {
  const calendar = calendarOf(ctx, input)
  return {
    async findOwn() {
      const found = await list(ctx, calendar, {
        privateExtendedProperty: `${KEY_PROPERTY}=${keyOf(ctx)}`,
        maxResults: 5,
      })
      const own = found.find(({ status }) => status !== 'cancelled')
      return own === undefined ? null : readEvent(ctx, own)
    },
    async findTaken(span) {
      return (await listTaken(ctx, calendar, span)).map((one) => readBooked(ctx, one))
    },
    async insert(id) {
      const zone = input.zone ?? ctx.settings.time_zone
      const json = {
        id,
        summary: input.title,
        description: escapeHtml(input.description),
        location: input.location,
        start: { dateTime: input.start, timeZone: zone },
        end: { dateTime: input.end, timeZone: zone },
        status: input.status,
        attendees: input.attendees.map(renderAttendee),
        extendedProperties: { private: { [KEY_PROPERTY]: keyOf(ctx) } },
      }
      return await unlessConflict(async () => {
        const { body } = await exchange(ctx, {
          effect: 'write',
          method: 'POST',
          path: events(calendar),
          query: tell(input),
          body: { json },
        })
        return readEvent(ctx, parseEvent(body, 'write'))
      })
    },
    async read(id) {
      const found = await nullIfMissing(() => getEvent(ctx, calendar, id))
      return found === null ? null : readBooked(ctx, found)
    },
    remove: (id) => removeEvent(ctx, calendar, { id, notify: input.notify }),
  }
}
