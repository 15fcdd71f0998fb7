import { describe, expect, test } from 'vitest'
import { clinicDay, isOpen, sayInstant } from './clinic-time.ts'

describe('the clinic', () => {
  test.each([
    ['2026-11-26T12:59:00Z', false, 'Thursday, a minute before eight'],
    ['2026-11-26T13:00:00Z', true, 'Thursday at eight'],
    ['2026-11-26T22:59:00Z', true, 'Thursday, a minute before six'],
    ['2026-11-26T23:00:00Z', false, 'Thursday at six'],
    ['2026-11-28T14:00:00Z', true, 'Saturday at nine'],
    ['2026-11-28T18:00:00Z', false, 'Saturday at one'],
    ['2026-11-29T16:00:00Z', false, 'Sunday'],
    ['2026-07-02T12:00:00Z', true, 'a summer Thursday at eight'],
    ['2026-11-27T04:30:00Z', false, 'Thursday night there, Friday by UTC'],
  ])('at %s is open: %s (%s)', (at, open) => {
    expect(isOpen(new Date(at))).toBe(open)
  })

  test('has its own day, not that of the server', () => {
    expect(clinicDay(new Date('2026-11-27T04:30:00Z'))).toBe('2026-11-26')
  })

  test('says an instant in its own time', () => {
    expect(sayInstant(new Date('2026-11-27T19:30:00Z'))).toBe('Friday, November 27 at 2:30 PM')
  })
})
