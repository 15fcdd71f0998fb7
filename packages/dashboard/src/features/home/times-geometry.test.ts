import { describe, expect, test } from 'vitest'
import { layOutTimes } from './times-geometry.ts'

const NOON = Date.UTC(2026, 2, 3, 12)
const hour = (agoHours: number, p50_ms: number, p95_ms: number) => ({
  at: new Date(NOON - agoHours * 3_600_000).toISOString(),
  answered: 10,
  p50_ms,
  p95_ms,
})
const base = { sinceMs: NOON - 86_400_000 + 60_000, width: 500, height: 100 }

describe('the chart of answer times', () => {
  test('reaches the deadline on a quick day (G1)', () => {
    const { deadlineY, bars } = layOutTimes({
      ...base,
      hours: [hour(0, 20, 50)],
      deadlineMs: 5_000,
    })
    expect(deadlineY).toBeGreaterThanOrEqual(0)
    expect(deadlineY).toBeLessThan(10)
    expect(bars[0]?.p95Y).toBeGreaterThan(95)
  })

  test('holds what was past the deadline too', () => {
    const { bars } = layOutTimes({ ...base, hours: [hour(1, 900, 9_000)], deadlineMs: 5_000 })
    expect(bars[0]?.p95Y).toBeGreaterThanOrEqual(0)
    expect(bars[0]?.p50Y).toBeGreaterThan(bars[0]?.p95Y ?? 0)
  })

  test('keeps every hour inside, in order, and apart (G2)', () => {
    const hours = [24, 23, 7, 1, 0].map((ago) => hour(ago, 10, 20))
    const { bars } = layOutTimes({ ...base, hours, deadlineMs: null })
    expect(bars[0]?.x).toBe(0)
    for (const [index, bar] of bars.entries()) {
      expect(bar.x + bar.width).toBeLessThanOrEqual(bars[index + 1]?.x ?? base.width)
    }
  })
})
