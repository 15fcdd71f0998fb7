import type { Run, RunStep } from '@bookend/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findLabelSide, findMark, findTicks, layOutWaterfall } from './waterfall-geometry.ts'
import { renderWaterfallSentence } from './waterfall-sentence.ts'

const step = (given: Partial<RunStep> = {}): RunStep => ({
  name: 'tickets',
  kind: 'step',
  status: 'ok',
  start_ms: 0,
  duration_ms: 100,
  limit_ms: null,
  default_used: false,
  after_answer: false,
  connection: null,
  action: null,
  input: null,
  output: null,
  error: null,
  attempts: [],
  phases: null,
  cache: null,
  ...given,
})

const run = (given: Partial<Run> = {}): Run => ({
  id: '018f4c1e-0000-7000-8000-000000000001',
  kind: 'pre-call',
  workflow: 'greet',
  version: null,
  status: 'answered',
  call_id: null,
  agent_id: null,
  event_id: null,
  event_type: null,
  key: null,
  started_at: '2026-01-01T00:00:00.000Z',
  finished_at: null,
  duration_ms: 2_010,
  deadline_ms: 5_000,
  budget_ms: 4_750,
  outcome: null,
  parameters: null,
  missing: [],
  failure: null,
  error: null,
  steps: [],
  ...given,
})

const anyRun = fc
  .record({
    duration_ms: fc.nat(60_000),
    deadline_ms: fc.integer({ min: 1, max: 30_000 }),
    steps: fc.array(
      fc
        .record({
          start_ms: fc.integer({ min: -5, max: 40_000 }),
          duration_ms: fc.option(fc.nat(60_000)),
          status: fc.constantFrom('ok', 'cut', 'failed', 'skipped', 'running'),
          after_answer: fc.boolean(),
        })
        .map(step),
    ),
  })
  .map(run)

describe('the waterfall', () => {
  test('reaches the deadline for every run (W1)', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        const { endMs, deadline } = layOutWaterfall(given, 1_000)
        expect(endMs).toBeGreaterThanOrEqual(given.deadline_ms ?? 0)
        expect(deadline).toBeLessThan(1)
      }),
    )
  })

  test('keeps every bar between 0 and the end of the axis (W2)', () => {
    fc.assert(
      fc.property(anyRun, (given) => {
        for (const row of layOutWaterfall(given, 1_000).rows) {
          if (row.kind !== 'step' || row.bar === null) continue
          expect(row.bar.start).toBeGreaterThanOrEqual(0)
          expect(row.bar.end).toBeGreaterThanOrEqual(row.bar.start)
          expect(row.bar.end).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('clips a bar of 38 s and says its true end (W2)', () => {
    const [row] = layOutWaterfall(run({ steps: [step({ duration_ms: 38_000 })] }), 0).rows
    expect(row).toMatchObject({ bar: { end: 1, clippedEndMs: 38_000, state: 'late' } })
  })

  test('orders by start, then definition, with the answer before what followed it (W3)', () => {
    const steps = [
      step({ name: 'log', start_ms: 3, after_answer: true }),
      step({ name: 'b', start_ms: 5 }),
      step({ name: 'c', start_ms: 5 }),
      step({ name: 'a' }),
    ]
    const { rows } = layOutWaterfall(run({ steps }), 0)
    const names = rows.map((row) => (row.kind === 'step' ? row.step.name : '◆'))
    expect(names).toEqual(['a', 'b', 'c', '◆', 'log'])
  })

  test('shows the margin band from reply point to deadline, and no bar for a skipped step', () => {
    const { marginBand, endMs, rows } = layOutWaterfall(
      run({ steps: [step({ status: 'skipped' })] }),
      0,
    )
    expect(marginBand).toEqual({ start: 4_750 / endMs, end: 5_000 / endMs })
    expect(rows[0]).toMatchObject({ bar: null, at: 0 })
  })

  test('ticks each second up to 10 s, else five to eight round steps', () => {
    expect(findTicks(5_250)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000])
    expect(findTicks(10_500)).toHaveLength(11)
    fc.assert(
      fc.property(fc.integer({ min: 11_000, max: 5_000_000 }), (endMs) => {
        const steps = findTicks(endMs).length - 1
        expect(steps).toBeGreaterThanOrEqual(5)
        expect(steps).toBeLessThanOrEqual(8)
      }),
    )
  })

  test('puts a label right, else left, else into the panel (W4)', () => {
    expect(findLabelSide({ start: 0.1, end: 0.2 }, 0.95, 1_000, 100)).toBe('right')
    expect(findLabelSide({ start: 0.5, end: 0.8 }, 0.85, 1_000, 100)).toBe('left')
    expect(findLabelSide({ start: 0.05, end: 0.9 }, 0.95, 1_000, 100)).toBe('panel')
  })

  test.each([
    [4_750, 'in_time'],
    [5_000, 'in_margin'],
    [5_001, 'late'],
  ])('marks an answer after %i ms as %s', (duration_ms, mark) => {
    expect(findMark(run({ duration_ms }))).toBe(mark)
  })
})

describe('the sentence under the waterfall', () => {
  const said = (given: Partial<Run>) =>
    renderWaterfallSentence(run(given))?.replaceAll('\u202f', ' ')

  test('names the step the answer waited for and how it ended', () => {
    const cut = step({ status: 'cut', start_ms: 5, duration_ms: 2_000, limit_ms: 2_000 })
    expect(said({ steps: [step({ name: 'crm' }), cut] })).toBe(
      'Answered in 2 010 ms of 5 000 ms; the answer waited for tickets, cut at its own limit.',
    )
  })

  test('says how late a late answer was', () => {
    expect(said({ duration_ms: 5_733 })).toBe(
      'Answered in 5 733 ms, 733 ms past the deadline of 5 000 ms.',
    )
  })

  test('is absent for a journey', () => {
    expect(said({ kind: 'journey' })).toBeUndefined()
  })
})
