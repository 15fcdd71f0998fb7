import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BREAK_PX, collapseGaps } from './collapse-gaps.ts'

const span = fc
  .tuple(fc.nat(10_000_000), fc.nat(200_000))
  .map(([startMs, lengthMs]) => ({ startMs, endMs: startMs + lengthMs }))
const spans = fc.array(span, { minLength: 1, maxLength: 20 })

describe('a timeline with long gaps', () => {
  test('shows a day of idleness as one break and keeps shorter pauses linear', () => {
    const scale = collapseGaps(
      [
        { startMs: 0, endMs: 1_000 },
        { startMs: 60_999, endMs: 62_000 },
        { startMs: 86_400_000, endMs: 86_401_000 },
      ],
      0.01,
    )
    expect(scale.breaks).toEqual([{ startMs: 62_000, endMs: 86_400_000 }])
    expect(scale.widthPx).toBeCloseTo(620 + BREAK_PX + 10)
  })

  test('folds a gap of exactly a minute, and unfolds it once opened', () => {
    const busy = [
      { startMs: 0, endMs: 0 },
      { startMs: 60_000, endMs: 60_000 },
    ]
    expect(collapseGaps(busy, 0.01).widthPx).toBe(BREAK_PX)
    expect(collapseGaps(busy, 0.01, new Set([0])).widthPx).toBe(600)
  })

  test('never maps a later instant to the left of an earlier one (G1)', () => {
    fc.assert(
      fc.property(spans, fc.nat(11_000_000), fc.nat(11_000_000), (busy, a, b) => {
        const { toPx } = collapseGaps(busy, 0.01)
        expect(toPx(Math.max(a, b)) + 1e-6).toBeGreaterThanOrEqual(toPx(Math.min(a, b)))
      }),
    )
  })

  test('keeps each attempt at its full width, outside every break (G2, G3)', () => {
    fc.assert(
      fc.property(spans, (busy) => {
        const { toPx } = collapseGaps(busy, 0.01)
        for (const { startMs, endMs } of busy) {
          expect(toPx(endMs) - toPx(startMs)).toBeCloseTo((endMs - startMs) * 0.01, 5)
        }
      }),
    )
  })
})
