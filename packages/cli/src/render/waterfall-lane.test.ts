import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { run, step } from '../testing/fixtures.ts'
import { drawAnswer, drawAxis, drawBar, layOutLane } from './waterfall-lane.ts'

const COLUMNS = 42
const draw = (given: Parameters<typeof step>[0], of = run()): string =>
  drawBar(step(given), layOutLane(of, COLUMNS))
    .map(({ char }) => char)
    .join('')

describe('the lane of the waterfall', () => {
  test('has the deadline in the same column for a run of 40 ms and one of 5.7 s (W1)', () => {
    const quick = layOutLane(run({ duration_ms: 40 }), COLUMNS)
    const slow = layOutLane(run({ duration_ms: 4_990 }), COLUMNS)
    expect(quick.deadline).toBe(slow.deadline)
    expect(drawAxis(quick).indexOf('5 s')).toBe(quick.deadline)
  })

  test('draws nothing for a step that never ran', () => {
    expect(draw({ status: 'not_started' })).not.toContain('█')
    expect(draw({ status: 'skipped' })).not.toContain('█')
  })

  test('says with ▸ that a bar goes on beyond the axis (W2)', () => {
    expect(draw({ duration_ms: 38_000 }).at(-1)).toBe('▸')
  })

  test('hatches what ran after the answer', () => {
    expect(draw({ after_answer: true })).toContain('▒')
  })

  test('keeps every bar in the lane, and the deadline line in every row (W2, W3)', () => {
    const property = fc.property(
      fc.nat(60_000),
      fc.nat(60_000),
      fc.integer({ min: 100, max: 30_000 }),
      fc.integer({ min: 30, max: 100 }),
      (startMs, durationMs, deadlineMs, columns) => {
        const given = step({ start_ms: startMs, duration_ms: durationMs })
        const lane = layOutLane(run({ deadline_ms: deadlineMs, steps: [given] }), columns)
        const cells = drawBar(given, lane)
        expect(cells).toHaveLength(columns)
        expect(cells.filter(({ kind }) => kind === 'bar').length).toBeGreaterThan(0)
        expect(['│', '┃']).toContain(cells[lane.deadline ?? -1]?.char)
        expect(drawAnswer(startMs, lane).filter(({ kind }) => kind === 'mark')).toHaveLength(1)
      },
    )
    fc.assert(property)
  })
})
