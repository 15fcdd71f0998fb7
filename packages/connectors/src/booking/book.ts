// How a time is booked, so that of two callers who want it one gets it.
//
//   ours already? ─▶ is it free? ─▶ insert under the name of the slot ─▶ is it still ours alone?
//                                         │ there is one: ours, gone, or taken
//
// B1. The event's id is made of its slot, and a calendar takes an id once: whoever inserts first has it.
// B2. Who finds something else in his time after the insert takes his own out again: two that overlap
//     with different starts never both stay.
// B3. A repeat finds what it made, by its key, also when it was moved since; it books nothing else.
// B4. What is not `exclusive` is named by its key alone.

import { ConnectorFault } from '@bookend/core'
import { createHash } from 'node:crypto'
import type { CalendarEvent } from '../records.ts'
import { overlaps, type Interval } from './slots.ts'

/** An event in a calendar, and whether this effect made it. */
export interface Booked {
  readonly event: CalendarEvent
  readonly isOwn: boolean
}

/** One calendar, as far as booking needs it; each throws `ConnectorFault`. */
export interface BookingPort {
  /** Wherever it is now; null where there is none, or it was cancelled. */
  findOwn(): Promise<CalendarEvent | null>
  /** What takes up time in it. */
  findTaken(span: Interval): Promise<readonly Booked[]>
  /** Null: the calendar has, or had, one of this id. */
  insert(id: string): Promise<CalendarEvent | null>
  /** One that was cancelled too, where its id stays taken; null: the id is free. */
  read(id: string): Promise<Booked | null>
  remove(id: string): Promise<void>
}

export interface Booking {
  readonly span: Interval
  readonly subjectKey: string
  readonly isExclusive: boolean
}

/** Times that a slot is given up and taken again. */
const ROUNDS_MAX = 12

export async function book(port: BookingPort, booking: Booking): Promise<CalendarEvent> {
  const { span, isExclusive } = booking
  const own = await port.findOwn()
  if (own !== null) return own
  if (isExclusive) {
    const taken = await port.findTaken(span)
    const ours = taken.find(({ isOwn }) => isOwn)
    if (ours !== undefined) return ours.event
    if (taken.length > 0) throw slotTaken()
  }
  let generation = 0
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const id = idOf(booking, generation)
    const made = await port.insert(id)
    if (made !== null) return isExclusive ? await keepIfAlone(port, span, made) : made
    const there = await port.read(id)
    // It was taken out since: the id is free again, and nobody may pass over it (B1).
    if (there === null) continue
    const { event, isOwn } = there
    const isThere = event.status !== 'cancelled'
    if (isOwn && isThere) return event
    if (isThere && overlaps(spanOf(event), span)) throw slotTaken()
    generation += 1
  }
  throw slotTaken()
}

async function keepIfAlone(
  port: BookingPort,
  span: Interval,
  made: CalendarEvent,
): Promise<CalendarEvent> {
  const taken = await port.findTaken(span)
  if (taken.every(({ isOwn }) => isOwn)) return made
  await port.remove(made.id)
  throw slotTaken()
}

/** Letters up to v and digits: what the strictest calendar takes. */
function idOf({ span, subjectKey, isExclusive }: Booking, generation: number): string {
  const name = isExclusive ? span.start.toISOString() : subjectKey
  const hash = createHash('sha256').update(`${name}\n${generation}`).digest('hex')
  return `bk${hash.slice(0, 40)}`
}

export const spanOf = ({ start, end }: { readonly start: string; readonly end: string }) => ({
  start: new Date(start),
  end: new Date(end),
})

export const slotTaken = (): ConnectorFault =>
  new ConnectorFault({ kind: 'conflict', detail: 'slot_taken' })
