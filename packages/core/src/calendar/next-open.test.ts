import { expect, test } from 'vitest'
import { CalendarSchema, nameCalendars } from './calendar.ts'
import { nextOpen } from './next-open.ts'

const calendars = nameCalendars({
  support: CalendarSchema.parse({
    zone: 'Europe/Berlin',
    open: { mon: ['09:02-17:00'], fri: ['09:00-17:00'] },
    closed: ['2026-12-25'],
  }),
  nobody: CalendarSchema.parse({ zone: 'UTC', open: {} }),
})
const next = (name: string, from: string) => {
  const found = nextOpen(calendars, name, new Date(from))
  return found instanceof Date ? found.toISOString() : found
}

test.each([
  ['2026-11-30T10:00:30Z', '2026-11-30T10:00:30.000Z'],
  ['2026-11-30T03:00:00Z', '2026-11-30T08:02:00.000Z'],
  ['2026-11-30T16:00:00Z', '2026-12-04T08:00:00.000Z'],
  ['2026-12-22T12:00:00Z', '2026-12-28T08:02:00.000Z'],
])('after %s it is open at %s', (from, open) => {
  expect(next('support', from)).toBe(open)
})

test('there may be no such moment, or no such calendar', () => {
  expect(next('nobody', '2026-11-30T00:00:00Z')).toBe('never')
  expect(next('toString', '2026-11-30T00:00:00Z')).toBeNull()
})
