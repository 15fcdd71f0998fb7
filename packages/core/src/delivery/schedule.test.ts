import { describe, expect, test } from 'vitest'
import { deliveryAttemptsMax, nextAttemptAt, readRetryAfter } from './schedule.ts'

const now = new Date('2026-03-02T15:00:00.000Z')
const HOUR_S = 3_600
const waitS = (attempts: number, random = 0.5, retryAfter?: string): number | null => {
  const at = nextAttemptAt({ attempts, now, random, retryAfter })
  return at === null ? null : (at.getTime() - now.getTime()) / 1_000
}

describe('the schedule of a delivery', () => {
  test('is ten attempts over 75 h 35 m 5 s', () => {
    const waits = Array.from({ length: deliveryAttemptsMax }, (_, i) => waitS(i + 1))
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null])
  })

  test('moves each wait by up to a fifth', () => {
    expect([waitS(2, 0), waitS(2, 1)]).toEqual([240, 360])
  })

  test.each([
    ['seconds', '120', 120],
    ['a date', 'Mon, 02 Mar 2026 15:10:00 GMT', 600],
    ['a date gone by', 'Mon, 02 Mar 2026 14:00:00 GMT', 0],
    ['ten years', '315360000', 24 * HOUR_S],
    ['more digits than a number holds', '999999999999', 24 * HOUR_S],
    ['−1', '-1', null],
    ['nonsense', 'soon', null],
    ['a date in another form', '2026-03-02T15:10:00Z', null],
    ['nothing', '', null],
  ])('reads %s in Retry-After (F17)', (_, value, expected) => {
    const waitMs = readRetryAfter(value, now)
    expect(waitMs === null ? null : waitMs / 1_000).toBe(expected)
  })

  test('is never earlier than the receiver asked, and never earlier than planned (F17)', () => {
    for (const random of [0, 0.3, 1]) {
      expect(waitS(1, random, '120')).toBeGreaterThanOrEqual(120)
      expect(waitS(3, random, '1')).toBeGreaterThanOrEqual(1_440)
    }
  })
})
