import { describe, expect, test } from 'vitest'
import { findFreeSlots, windowOf } from './find-slots.ts'
import { SlotFindInput } from './input.ts'
import { instantOf, renderInZone, startOfDay } from './zone-time.ts'

const BERLIN = 'Europe/Berlin'

interface Given {
  readonly input?: object
  readonly now?: string
  readonly zone?: string
  readonly busy?: readonly (readonly [string, string])[]
}

async function startsOf({ input = {}, now, zone = BERLIN, busy = [] }: Given): Promise<string[]> {
  const slots = await findFreeSlots(SlotFindInput.parse(input), {
    zone,
    now: new Date(now ?? '2026-03-02T08:00:00Z'),
    busy: busy.map(([start, end]) => ({ start: new Date(start), end: new Date(end) })),
  })
  return slots.map(({ start }) => start)
}

describe('instants and clocks', () => {
  test('a time that the clocks skip is none, and of one shown twice the first is meant (Z1)', () => {
    const wall = (text: string): Date => new Date(`${text}Z`)
    expect(instantOf(BERLIN, wall('2026-03-29T02:30:00'))).toBeNull()
    expect(instantOf(BERLIN, wall('2026-10-25T02:30:00'))?.toISOString()).toBe(
      '2026-10-25T00:30:00.000Z',
    )
    expect(instantOf('America/New_York', wall('2026-11-01T01:30:00'))?.toISOString()).toBe(
      '2026-11-01T05:30:00.000Z',
    )
    expect(instantOf('Australia/Lord_Howe', wall('2026-10-04T02:15:00'))).toBeNull()
  })

  test.each([
    [BERLIN, '2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['Asia/Kolkata', '2026-03-29', '2026-03-28T18:30:00.000Z'],
    // Its clocks go from 23:59 to 01:00 of the next day.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
  ])('in %s the day %s begins at %s', (zone, date, expected) => {
    expect(startOfDay(zone, date).toISOString()).toBe(expected)
  })

  test.each([
    [BERLIN, '2026-03-29T00:59:59Z', '2026-03-29T01:59:59+01:00'],
    [BERLIN, '2026-03-29T01:00:00Z', '2026-03-29T03:00:00+02:00'],
    ['America/St_Johns', '2026-01-05T12:00:00Z', '2026-01-05T08:30:00-03:30'],
    ['Asia/Kathmandu', '2026-01-05T12:00:00.250Z', '2026-01-05T17:45:00+05:45'],
    ['UTC', '2026-01-05T12:00:00Z', '2026-01-05T12:00:00+00:00'],
  ])('in %s %s is shown as %s', (zone, instant, text) => {
    expect(renderInZone(zone, new Date(instant))).toBe(text)
  })
})

describe('free slots', () => {
  test('are the first within hours, without what is taken', async () => {
    expect(
      await startsOf({
        now: '2026-03-02T08:10:00Z',
        busy: [
          ['2026-03-02T09:00:00Z', '2026-03-02T09:30:00Z'],
          ['2026-03-02T10:15:00Z', '2026-03-02T10:20:00Z'],
        ],
      }),
    ).toEqual([
      '2026-03-02T09:30:00+01:00',
      '2026-03-02T10:30:00+01:00',
      '2026-03-02T11:30:00+01:00',
    ])
  })

  test('may touch what is taken, unless a buffer is asked for', async () => {
    const busy = [['2026-03-02T08:30:00Z', '2026-03-02T09:00:00Z']] as const
    expect(await startsOf({ busy, input: { limit: 2 } })).toEqual([
      '2026-03-02T09:00:00+01:00',
      '2026-03-02T10:00:00+01:00',
    ])
    expect(await startsOf({ busy, input: { limit: 1, buffer_minutes: 15 } })).toEqual([
      '2026-03-02T10:30:00+01:00',
    ])
  })

  test('end before the hours do, and leave out closed days and nights', async () => {
    const input = {
      duration_minutes: 60,
      hours: { mon: ['09:00-10:30', '22:00-24:00'], wed: ['09:00-10:00'] },
      closed: ['2026-03-04'],
      limit: 20,
      days: 9,
    }
    expect(await startsOf({ input, now: '2026-03-01T00:00:00Z' })).toEqual([
      '2026-03-02T09:00:00+01:00',
      '2026-03-02T22:00:00+01:00',
      '2026-03-02T23:00:00+01:00',
      '2026-03-09T09:00:00+01:00',
      '2026-03-09T22:00:00+01:00',
      '2026-03-09T23:00:00+01:00',
    ])
  })

  test('keep to the wall when clocks change, and skip what is not there (S1)', async () => {
    const input = { hours: { sun: ['01:00-04:00'] }, limit: 20, days: 1, step_minutes: 30 }
    expect(await startsOf({ input, now: '2026-03-28T23:00:00Z' })).toEqual([
      '2026-03-29T01:00:00+01:00',
      '2026-03-29T01:30:00+01:00',
      '2026-03-29T03:00:00+02:00',
      '2026-03-29T03:30:00+02:00',
    ])
    const office = { hours: { fri: ['09:00-09:30'], mon: ['09:00-09:30'] }, limit: 2 }
    expect(await startsOf({ input: office, now: '2026-03-27T00:00:00Z' })).toEqual([
      '2026-03-27T09:00:00+01:00',
      '2026-03-30T09:00:00+02:00',
    ])
  })

  test('last as long as was asked, also over a change of the clocks (S1)', async () => {
    const input = SlotFindInput.parse({
      hours: { sun: ['01:30-04:00'] },
      days: 1,
      duration_minutes: 60,
    })
    const now = new Date('2026-03-28T23:00:00Z')
    const [first] = await findFreeSlots(input, { zone: BERLIN, now, busy: [] })
    expect(first).toEqual({
      start: '2026-03-29T01:30:00+01:00',
      end: '2026-03-29T03:30:00+02:00',
      zone: BERLIN,
      weekday: 'sun',
      date: '2026-03-29',
      time: '01:30',
    })
  })

  test('are of another zone when the input says so, few of a day, and not too soon', async () => {
    const input = { zone: 'America/New_York', per_day: 1, notice_minutes: 1_440, limit: 2 }
    expect(await startsOf({ input, now: '2026-03-05T16:00:00Z' })).toEqual([
      '2026-03-06T11:00:00-05:00',
      '2026-03-09T09:00:00-04:00',
    ])
  })

  test('are in their order, however the hours are given', async () => {
    const input = { hours: { mon: ['14:00-14:30', '09:00-09:30'] } }
    expect(await startsOf({ input })).toEqual([
      '2026-03-02T09:00:00+01:00',
      '2026-03-02T14:00:00+01:00',
      '2026-03-09T09:00:00+01:00',
    ])
  })

  test('are none where nothing is open, all of it is taken, or it is over', async () => {
    expect(await startsOf({ input: { hours: {} } })).toEqual([])
    const over = SlotFindInput.parse({ from: '2026-02-01T00:00:00Z', days: 1 })
    expect(windowOf(over, new Date('2026-03-02T08:00:00Z'))).toBeNull()
    expect(await startsOf({ busy: [['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']] })).toEqual([])
  })
})
