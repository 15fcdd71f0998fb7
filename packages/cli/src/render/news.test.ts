import { createColors } from 'picocolors'
import { describe, expect, test } from 'vitest'
import type { News } from '../call/trace-news.ts'
import { columnsOf } from '../terminal/text.ts'
import { delivery, journey, step } from '../testing/fixtures.ts'
import { renderNews } from './news.ts'

const tell = (news: News, columns = 80): string =>
  renderNews(news, { columns, style: createColors(false) }).join('\n')
const run = journey()
const tries = [1, 2].map((attempt) => ({
  attempt,
  started_at: '2026-01-01T00:00:00.000Z',
  duration_ms: 5,
  error: null,
}))

describe('a line of news', () => {
  test('says what a step did, where, how long it took and how often it was tried', () => {
    const given = step({ name: 'log', action: 'row.insert', duration_ms: 12, attempts: tries })
    expect(tell({ kind: 'step', run, step: given })).toMatch(
      /after-visit +✓ log +12 ms {2}row.insert {2}×2$/,
    )
  })

  test('says why a step failed, and which attempt is tried again', () => {
    const failed = step({ status: 'failed', error: '503 from the desk' })
    expect(tell({ kind: 'step', run, step: failed })).toMatch(/✗ patient.*\n +↳ 503 from the desk$/)
    const again = { kind: 'attempt-failed' as const, run, step: step(), attempt: 1, error: '503' }
    expect(tell(again)).toMatch(/↻ patient +attempt 1 failed\n +↳ 503$/)
  })

  test('tells a wait from a person', () => {
    const waits = (kind: 'wait' | 'human', limit: number | null = null) =>
      step({ kind, status: 'waiting', duration_ms: null, limit_ms: limit })
    expect(tell({ kind: 'step', run, step: waits('wait') })).toContain('⧗ patient')
    expect(tell({ kind: 'step', run, step: waits('human') })).toContain('waiting for human')
    expect(tell({ kind: 'step', run, step: waits('human', 14_400_000) })).toMatch(/up to 4\sh$/)
  })

  test('says what became of a delivery, and when it is tried again', () => {
    const late = delivery({
      status: 'pending',
      last_status: 503,
      next_attempt_at: '2026-01-01T10:20:30.000Z',
    })
    expect(tell({ kind: 'delivery', delivery: delivery() })).toMatch(
      /✓ call.completed +answered 200$/,
    )
    expect(tell({ kind: 'delivery', delivery: late })).toContain('again at 10:20:30 UTC')
  })

  test('is never wider than the terminal (X1)', () => {
    const failed = step({ name: 'n'.repeat(60), status: 'failed', error: `a\n${'b'.repeat(200)}` })
    const lines = tell({ kind: 'step', run, step: failed }).split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(80)
  })
})
