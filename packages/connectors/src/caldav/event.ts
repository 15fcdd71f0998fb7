// Events of a calendar: booked, moved, cancelled.
//
// E1. What is booked has a UID of our key, in a file named for its slot.
// E2. A change is sent with the tag of what was read: what somebody else changed meanwhile is read
//     again, and where it is as wanted already nothing is sent.

import { ConnectorFault, action } from '@bookend/core'
import { type Booked, type BookingPort, book, slotTaken, spanOf } from '../booking/book.ts'
import { dryEvent } from '../booking/dry-event.ts'
import {
  EventCancelInput,
  EventCreateInput,
  EventInput,
  EventUpdateInput,
} from '../booking/input.ts'
import type { Interval } from '../booking/slots.ts'
import { nullIfMissing } from '../finding.ts'
import { CalendarEvent, Message } from '../records.ts'
import { ask, calendarUrl, eventUrl, type Context } from './ask.ts'
import { lineOf, type Component } from './ical.ts'
import { parseEvents, readEvent, uidOf } from './read-event.ts'
import { askRuled, findByUid, findTaken } from './report.ts'
import { renderChanged, renderNew } from './write-event.ts'

const READ_MS = 5_000
const WRITE_MS = 15_000
/** A change loses against so many others before it is the next attempt's. */
const ROUNDS_MAX = 5
const ICALENDAR = 'text/calendar; charset=utf-8'

const natural = { class: 'natural', by: 'subject' } as const

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
  run: async (ctx: Context, { calendar, id }) => {
    const url = eventUrl(calendarUrl(ctx, calendar), id)
    const found = await nullIfMissing(() => getFile(ctx, url))
    return found === null ? null : readEvent(ctx, mainOf(found.text), { id, url })
  },
})

export const eventUpdate = action({
  effect: 'write',
  idempotency: natural,
  input: EventUpdateInput,
  output: CalendarEvent,
  timeoutMs: WRITE_MS,
  preview: dryEvent,
  run: async (ctx: Context, input) => {
    const { id, start, end } = input
    const calendar = calendarUrl(ctx, input.calendar)
    const url = eventUrl(calendar, id)
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const { text, tag } = await getFile(ctx, url)
      const changed = renderChanged(ctx, text, input)
      if (changed === null) return readEvent(ctx, mainOf(text), { id, url })
      if (input.exclusive && start !== undefined && end !== undefined) {
        const taken = await listTaken(ctx, calendar, spanOf({ start, end }))
        if (taken.some(({ event }) => event.id !== id)) throw slotTaken()
      }
      const headers: Record<string, string> = tag === null ? {} : { 'if-match': tag }
      if (await putUnlessConflict(ctx, url, changed, headers)) {
        return readEvent(ctx, mainOf(changed), { id, url })
      }
    }
    throw new ConnectorFault({ kind: 'retry', detail: 'changed_meanwhile' })
  },
})

export const eventCancel = action({
  effect: 'write',
  idempotency: natural,
  input: EventCancelInput,
  output: Message,
  timeoutMs: WRITE_MS,
  preview: ({ id }) => ({ id, status: 'cancelled' }),
  run: async (ctx: Context, { calendar, id }) => {
    await remove(ctx, eventUrl(calendarUrl(ctx, calendar), id))
    return { id, status: 'cancelled' }
  },
})

function portOf(ctx: Context, input: EventCreateInput): BookingPort {
  const calendar = calendarUrl(ctx, input.calendar)
  return {
    async findOwn() {
      const found = await findByUid(ctx, calendar, uidOf(ctx))
      const own = found.map(({ path, event }) => readFound(ctx, calendar, path, event))
      return own.find(({ event }) => event.status !== 'cancelled')?.event ?? null
    },
    findTaken: (span) => listTaken(ctx, calendar, span),
    async insert(id) {
      const url = eventUrl(calendar, id)
      const text = renderNew(ctx, input)
      const isNew = await putUnlessConflict(ctx, url, text, { 'if-none-match': '*' })
      return isNew ? readEvent(ctx, mainOf(text), { id, url }) : null
    },
    async read(id) {
      const url = eventUrl(calendar, id)
      const found = await nullIfMissing(() => getFile(ctx, url))
      return found === null ? null : readFound(ctx, calendar, `${id}.ics`, mainOf(found.text))
    },
    remove: (id) => remove(ctx, eventUrl(calendar, id)),
  }
}

async function listTaken(
  ctx: Context,
  calendar: string,
  span: Interval,
): Promise<readonly Booked[]> {
  const taken = await findTaken(ctx, calendar, span)
  const ruled = taken.ruled.size === 0 ? [] : await askRuled(ctx, calendar, taken, span)
  return [
    ...taken.known.map(({ path, event }) => readFound(ctx, calendar, path, event)),
    ...ruled.flatMap((path) => {
      const event = taken.ruled.get(path)
      return event === undefined ? [] : [readFound(ctx, calendar, path, event)]
    }),
  ]
}

/** The id is the file's name. */
function readFound(ctx: Context, calendar: string, path: string, event: Component): Booked {
  const id = path.slice(path.lastIndexOf('/') + 1).replace(/\.ics$/, '')
  const isOwn = lineOf(event, 'UID')?.value.trim() === uidOf(ctx)
  return { event: readEvent(ctx, event, { id, url: eventUrl(calendar, id) }), isOwn }
}

const mainOf = (text: string): Component => {
  const events = parseEvents(text)
  const main = events.find((event) => lineOf(event, 'RECURRENCE-ID') === undefined) ?? events[0]
  if (main === undefined) throw new ConnectorFault({ kind: 'retry', detail: 'not_an_event' })
  return main
}

async function getFile(
  ctx: Context,
  url: string,
): Promise<{ readonly text: string; readonly tag: string | null }> {
  const { text, headers } = await ask(ctx, { effect: 'read', method: 'GET', url })
  const tag = headers['etag'] ?? null
  // A weak tag names no bytes: nothing can be tied to it.
  return { text, tag: tag?.startsWith('W/') === true ? null : tag }
}

/** False: there is one already, or somebody else was quicker. */
async function putUnlessConflict(
  ctx: Context,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    await ask(ctx, {
      effect: 'write',
      method: 'PUT',
      url,
      headers: { 'content-type': ICALENDAR, ...headers },
      body,
    })
    return true
  } catch (error) {
    if (error instanceof ConnectorFault && error.verdict.kind === 'conflict') return false
    throw error
  }
}

async function remove(ctx: Context, url: string): Promise<void> {
  await nullIfMissing(() => ask(ctx, { effect: 'write', method: 'DELETE', url }))
}
