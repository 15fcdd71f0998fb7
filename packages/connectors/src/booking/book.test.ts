import { ConnectorFault } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import type { CalendarEvent } from '../records.ts'
import { type BookingPort, book, spanOf } from './book.ts'
import { overlaps } from './slots.ts'

interface Kept {
  readonly event: CalendarEvent
  readonly key: string
}

/** A calendar in memory; `isReusing` frees an id with its event, as CalDAV does and Google does not. */
class MemoryCalendar {
  readonly kept = new Map<string, Kept>()
  readonly isReusing: boolean

  constructor(isReusing: boolean) {
    this.isReusing = isReusing
  }

  live(): readonly CalendarEvent[] {
    return [...this.kept.values()].flatMap(({ event }) =>
      event.status === 'cancelled' ? [] : event,
    )
  }

  move(id: string, start: string, end: string): void {
    this.#change(id, { start, end })
  }

  cancel(id: string): void {
    if (this.isReusing) this.kept.delete(id)
    else this.#change(id, { status: 'cancelled' })
  }

  #change(id: string, more: Partial<CalendarEvent>): void {
    const { event, key } = this.kept.get(id) as Kept
    this.kept.set(id, { key, event: { ...event, ...more } })
  }

  port(key: string, span: { readonly start: string; readonly end: string }): BookingPort {
    const live = (): Kept[] =>
      [...this.kept.values()].filter(({ event }) => event.status !== 'cancelled')
    return {
      findOwn: () => Promise.resolve(live().find((one) => one.key === key)?.event ?? null),
      findTaken: (wanted) =>
        Promise.resolve(
          live()
            .filter(({ event }) => overlaps(spanOf(event), wanted))
            .map((one) => ({ event: one.event, isOwn: one.key === key })),
        ),
      insert: (id) => {
        if (this.kept.has(id)) return Promise.resolve(null)
        const event = { id, ...span, status: 'confirmed' } as CalendarEvent
        this.kept.set(id, { event, key })
        return Promise.resolve(event)
      },
      read: (id) => {
        const found = this.kept.get(id)
        const isOwn = found?.key === key
        return Promise.resolve(found === undefined ? null : { event: found.event, isOwn })
      },
      remove: (id) => Promise.resolve(this.cancel(id)),
    }
  }
}

const ten = { start: '2026-03-02T10:00:00Z', end: '2026-03-02T10:30:00Z' }
const quarter = { start: '2026-03-02T10:15:00Z', end: '2026-03-02T10:45:00Z' }
const noon = { start: '2026-03-02T12:00:00Z', end: '2026-03-02T12:30:00Z' }

const bookIn = (calendar: MemoryCalendar, key: string, span = ten, isExclusive = true) =>
  book(calendar.port(key, span), { span: spanOf(span), subjectKey: key, isExclusive })

const end = async (booking: Promise<CalendarEvent>): Promise<string> => {
  try {
    return (await booking).id
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    return error.verdict.detail
  }
}

describe.each([true, false])('booking where an id is free again: %s', (isReusing) => {
  test('of many who want one time, one gets it (B1)', async () => {
    const calendar = new MemoryCalendar(isReusing)
    const ends = await Promise.all(
      Array.from({ length: 20 }, (_, n) => end(bookIn(calendar, `k${n}`))),
    )
    expect(ends.filter((one) => one !== 'slot_taken')).toHaveLength(1)
    expect(calendar.live()).toHaveLength(1)
  })

  test('of two that overlap with different starts never both stay (B2)', async () => {
    const calendar = new MemoryCalendar(isReusing)
    await Promise.all([end(bookIn(calendar, 'a')), end(bookIn(calendar, 'b', quarter))])
    expect(calendar.live().length).toBeLessThanOrEqual(1)
    expect(await end(bookIn(calendar, 'c', ten))).not.toBe('slot_taken')
    expect(await end(bookIn(calendar, 'd', quarter))).toBe('slot_taken')
  })

  test('a repeat finds what it made, also when it was moved or the slot is another (B3)', async () => {
    const calendar = new MemoryCalendar(isReusing)
    const { id } = await bookIn(calendar, 'a')
    expect(await end(bookIn(calendar, 'a'))).toBe(id)
    calendar.move(id, noon.start, noon.end)
    expect(await end(bookIn(calendar, 'a', quarter))).toBe(id)
    expect(calendar.live()).toHaveLength(1)
  })

  test('a time that was given up is free again, for one', async () => {
    const calendar = new MemoryCalendar(isReusing)
    for (const key of ['a', 'b']) {
      const { id } = await bookIn(calendar, key)
      expect(await end(bookIn(calendar, 'late'))).toBe('slot_taken')
      if (key === 'a') calendar.cancel(id)
      else calendar.move(id, noon.start, noon.end)
    }
    const ends = await Promise.all(['c', 'd'].map((key) => end(bookIn(calendar, key))))
    expect(ends.filter((one) => one !== 'slot_taken')).toHaveLength(1)
    expect(await end(bookIn(calendar, 'e', noon))).toBe('slot_taken')
  })

  test('what is not exclusive stands beside others, once for each (B4)', async () => {
    const calendar = new MemoryCalendar(isReusing)
    for (const key of ['a', 'b', 'a']) await bookIn(calendar, key, ten, false)
    expect(calendar.live()).toHaveLength(2)
  })
})

test('an id that is free again is not passed over: who waits for it makes nothing beside it (B1)', async () => {
  const calendar = new MemoryCalendar(true)
  const port = calendar.port('a', ten)
  const made: unknown[] = []
  let isFirst = true
  const racing: BookingPort = {
    ...port,
    async insert(id) {
      if (isFirst) await bookIn(calendar, 'first')
      made.push(await port.insert(id))
      return made.at(-1) as CalendarEvent | null
    },
    async read(id) {
      if (!isFirst) return await port.read(id)
      isFirst = false
      calendar.cancel(id)
      const found = await port.read(id)
      await bookIn(calendar, 'rival')
      return found
    },
  }
  const booking = { span: spanOf(ten), subjectKey: 'a', isExclusive: true }
  expect(await end(book(racing, booking))).toBe('slot_taken')
  expect(made).toEqual([null, null])
})
