import { describe, expect, test } from 'vitest'
import { type Calendar, CalendarSchema, isOpen, nameCalendars } from './calendar.ts'

const office: Calendar = {
  zone: 'Europe/Berlin',
  open: { mon: ['09:00-12:30', '13:30-17:00'], sat: ['22:00-24:00'], sun: ['00:00-04:00'] },
  closed: ['2026-12-28'],
}
const at = (text: string): boolean => isOpen(office, new Date(text))

describe('a calendar', () => {
  test.each([
    ['2026-11-30T07:59:59Z', false],
    ['2026-11-30T08:00:00Z', true],
    ['2026-11-30T11:29:59Z', true],
    ['2026-11-30T11:30:00Z', false],
    ['2026-11-30T12:30:00Z', true],
    ['2026-11-30T16:00:00Z', false],
    ['2026-12-01T10:00:00Z', false],
  ])('is open by the clocks of its zone, to the minute: %s %s (H2)', (text, isIt) => {
    expect(at(text)).toBe(isIt)
  })

  test('keeps its hours when the clocks change (H1)', () => {
    expect(at('2026-07-06T07:00:00Z')).toBe(true)
    expect(at('2026-07-06T06:59:00Z')).toBe(false)
    expect(at('2026-11-30T07:00:00Z')).toBe(false)
  })

  test.each([
    ['2026-10-24T22:00:00Z', true],
    ['2026-10-25T00:30:00Z', true],
    ['2026-10-25T01:30:00Z', true],
    ['2026-10-25T02:59:00Z', true],
    ['2026-10-25T03:00:00Z', false],
  ])('is open through a night with an hour twice: %s %s (H1)', (text, isIt) => {
    expect(at(text)).toBe(isIt)
  })

  test('is closed on a closed day, as days are counted where it is', () => {
    expect(at('2026-12-28T10:00:00Z')).toBe(false)
    expect(at('2026-12-21T10:00:00Z')).toBe(true)
    const night = {
      zone: 'Pacific/Auckland',
      open: { fri: ['00:00-24:00'] },
      closed: ['2026-12-25'],
    }
    expect(isOpen(night, new Date('2026-12-24T12:00:00Z'))).toBe(false)
    expect(isOpen(night, new Date('2026-12-17T12:00:00Z'))).toBe(true)
  })

  test.each<[object, string]>([
    [{ zone: 'Europe/Berln', open: {} }, 'zone: must be a time zone, such as Europe/Berlin'],
    [{ zone: 'UTC', open: { mon: ['9-17'] } }, 'open.mon.0: must be hours, such as 09:00-17:00'],
    [{ zone: 'UTC', open: { mon: ['22:00-02:00'] } }, 'open.mon.0: must end after it begins'],
    [{ zone: 'UTC', open: { mon: ['09:00-24:30'] } }, 'open.mon.0: must be hours'],
    [{ zone: 'UTC', open: { thurs: [] } }, 'there is no day "thurs" (did you mean "thu"?)'],
    [{ zone: 'UTC', open: {}, closed: ['2026-02-30'] }, 'closed.0: must be a day'],
    [{ zone: 'UTC', open: {}, holidays: [] }, 'Unrecognized key: "holidays"'],
  ])('%j is refused by field', (calendar, message) => {
    expect(() => isOpen(calendar as Calendar, new Date())).toThrow(message)
  })

  test('is found by its own name alone', () => {
    const calendars = nameCalendars({ support: CalendarSchema.parse(office) })
    expect(calendars.isOpen('support', new Date('2026-11-30T08:00:00Z'))).toBe(true)
    expect(calendars.isOpen('toString', new Date())).toBeNull()
  })
})
