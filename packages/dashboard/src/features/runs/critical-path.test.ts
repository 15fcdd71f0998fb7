import { describe, expect, test } from 'vitest'
import { makeRun, makeStep } from '../../testing/fixtures.ts'
import { findCriticalPath } from './critical-path.ts'

const names = (run: Parameters<typeof findCriticalPath>[0]): string[] => [...findCriticalPath(run)]

describe('the critical path', () => {
  test('goes back from the answer through what finished last', () => {
    const run = makeRun({
      duration_ms: 910,
      steps: [
        makeStep({ name: 'contact', start_ms: 2, duration_ms: 300 }),
        makeStep({ name: 'account', start_ms: 2, duration_ms: 12 }),
        makeStep({ name: 'tickets', start_ms: 303, duration_ms: 600 }),
        makeStep({ name: 'weather', start_ms: 303, duration_ms: 80 }),
        makeStep({ name: 'warm', start_ms: 950, duration_ms: 50, after_answer: true }),
      ],
    })
    expect(names(run)).toEqual(['tickets', 'contact'])
  })

  test('leaves out what was skipped, and ends for a run without steps or answer', () => {
    const skipped = makeStep({ name: 'coupon', status: 'skipped', start_ms: 400, duration_ms: 0 })
    expect(names(makeRun({ steps: [skipped] }))).toEqual([])
    expect(names(makeRun({ duration_ms: null, steps: [makeStep()] }))).toEqual([])
  })
})
