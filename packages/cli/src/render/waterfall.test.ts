import type { Run } from '@bookend/contract'
import fc from 'fast-check'
import { createColors } from 'picocolors'
import { describe, expect, test } from 'vitest'
import { run, step } from '../testing/fixtures.ts'
import { columnsOf } from '../terminal/text.ts'
import { renderWaterfall } from './waterfall.ts'

const plain = createColors(false)
const draw = (given: Run, columns = 80): string[] =>
  renderWaterfall(given, { columns, style: plain })
const lineOf = (lines: readonly string[], text: string): string =>
  lines.find((line) => line.includes(text)) ?? ''

const steps = [
  step({ name: 'patient', duration_ms: 84 }),
  step({
    name: 'balance',
    status: 'cut',
    start_ms: 90,
    duration_ms: 1_500,
    limit_ms: 1_500,
    default_used: true,
    output: 0,
  }),
  step({ name: 'hours', status: 'cached', start_ms: 90, duration_ms: 0 }),
]
const cut = run({ status: 'partial', duration_ms: 1_595, steps })

describe('the waterfall of a pre-call run', () => {
  test('shows every step with its bar, time, glyph and word', () => {
    expect(draw(run({ steps: [step({ duration_ms: 84 })] }))).toMatchInlineSnapshot(`
      [
        "Before the first word · clinic-intake",
        "           0      1 s    2 s    3 s    4 s    5 s",
        "  patient  █                                ··│      84 ms  ✓ ok",
        "  ◆ answer ◆                                ··│     120 ms  ✓ in time",
        "           · from the reply point 4 750 ms, │ deadline 5 000 ms",
        "Answered in 120 ms of 5 000 ms; the answer waited for patient.",
      ]
    `)
  })

  test('says why a step was cut, and what stood in for it', () => {
    expect(draw(cut)).toMatchInlineSnapshot(`
      [
        "Before the first word · clinic-intake",
        "           0      1 s    2 s    3 s    4 s    5 s",
        "  patient  █                                ··│      84 ms  ✓ ok",
        "  balance  ████████████                     ··│   1 500 ms  ✂ cut at limit ▲",
        "    ↳ step limit 1 500 ms → default 0",
        "  hours    █                                ··│       0 ms  ≡ cached",
        "  ◆ answer            ◆                     ··│   1 595 ms  ▲ with defaults",
        "           · from the reply point 4 750 ms, │ deadline 5 000 ms",
        "Answered in 1 595 ms of 5 000 ms; the answer waited for balance, cut at its own",
        "limit.",
      ]
    `)
  })

  test('says that a fallback was sent, and why', () => {
    const given = run({ status: 'fallback', failure: 'http_status', error: 'answered 503' })
    const lines = draw(given)
    expect(lineOf(lines, '◆ answer')).toContain('▲ fallback sent')
    expect(lines.at(-1)).toBe("The workflow's answer was not used: http_status answered 503")
  })

  test('gives the reason of a step that failed or never started', () => {
    const failed = step({ name: 'desk', status: 'failed', error: '503 from the desk' })
    const unasked = step({ name: 'crm', status: 'not_started', error: 'circuit open' })
    const lines = draw(run({ status: 'partial', steps: [failed, unasked] }))
    expect(lineOf(lines, 'desk ')).toContain('✗ failed')
    expect(lineOf(lines, '503')).toContain('↳ 503 from the desk')
    expect(lineOf(lines, 'crm')).not.toContain('█')
  })

  test('draws the axis and the answer of a run without steps', () => {
    expect(draw(run({ steps: [] }))).toMatchInlineSnapshot(`
      [
        "Before the first word · clinic-intake",
        "           0      1 s    2 s    3 s    4 s    5 s",
        "  ◆ answer ◆                                ··│     120 ms  ✓ in time",
        "           · from the reply point 4 750 ms, │ deadline 5 000 ms",
        "Answered in 120 ms of 5 000 ms.",
      ]
    `)
  })

  test('draws a late step through the deadline line, and says how late the answer was (W3)', () => {
    const slow = step({ name: 'slow', duration_ms: 5_733 })
    const lines = draw(run({ duration_ms: 5_733, steps: [slow] }))
    expect(lineOf(lines, 'slow')).toMatch(/█┃█+.*! late/)
    expect(lines.join(' ')).toContain('733 ms past the deadline')
  })

  test('marks an answer between the reply point and the deadline', () => {
    expect(lineOf(draw(run({ duration_ms: 4_900 })), '◆ answer')).toContain('in the margin')
  })

  test('puts what ran after the answer below it (W4)', () => {
    const warm = step({ name: 'warm', after_answer: true, start_ms: 130 })
    const lines = draw(run({ steps: [warm, step()] })).map((line) => line.trim().split(' ')[0])
    expect(lines.slice(2, 5)).toEqual(['patient', '◆', 'warm'])
  })

  test('gives its lane up on a narrow terminal, and keeps name, time and word (W5)', () => {
    expect(draw(cut, 44)).toMatchInlineSnapshot(`
      [
        "Before the first word · clinic-intake",
        "  patient     84 ms  ✓ ok",
        "  balance  1 500 ms  ✂ cut at limit ▲",
        "    ↳ step limit 1 500 ms → default 0",
        "  hours        0 ms  ≡ cached",
        "  ◆ answer 1 595 ms  ▲ with defaults",
        "  · from the reply point 4 750 ms, │ deadli…",
        "Answered in 1 595 ms of 5 000 ms; the answer",
        "waited for balance, cut at its own limit.",
      ]
    `)
  })

  test('cannot be used to move the cursor (X1)', () => {
    const evil = step({ name: '\u001b[2Jgone', status: 'failed', error: 'a\r\n\u202eb' })
    const text = draw(run({ steps: [evil] })).join('\n')
    // The escape character is the subject of this pattern.
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u001b\r\u202e]/)
  })

  test('is never wider than the terminal (W2, W5)', () => {
    const anyStep = fc.record({
      name: fc.string({ minLength: 1, maxLength: 40 }),
      start_ms: fc.nat(20_000),
      duration_ms: fc.nat(60_000),
      after_answer: fc.boolean(),
      default_used: fc.boolean(),
      error: fc.option(fc.string()),
      status: fc.constantFrom('ok', 'cut', 'failed', 'skipped', 'not_started', 'cached'),
    })
    const property = fc.property(
      fc.array(anyStep, { maxLength: 5 }),
      fc.integer({ min: 40, max: 200 }),
      fc.integer({ min: 100, max: 30_000 }),
      fc.nat(40_000),
      (given, columns, deadlineMs, answerMs) => {
        const lines = draw(
          run({
            duration_ms: answerMs,
            deadline_ms: deadlineMs,
            budget_ms: deadlineMs * 0.9,
            steps: given.map((part) => step(part as Parameters<typeof step>[0])),
          }),
          columns,
        )
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
      },
    )
    fc.assert(property)
  })
})
