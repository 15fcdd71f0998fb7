import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeStep } from '../../testing/fixtures.ts'
import { splitPhases } from './phase-segments.ts'

const phases = { dnsMs: 10, connectMs: 20, tlsMs: 20, sendMs: null, waitMs: 140, receiveMs: 10 }

describe('the phases of a request', () => {
  test('lie one after the other on the bar of their step', () => {
    const segments = splitPhases(makeStep({ duration_ms: 200, phases: [phases] }))
    expect(segments.map(({ name }) => name)).toEqual(['DNS', 'TCP', 'TLS', 'wait', 'body'])
    expect(segments[3]).toEqual({ name: 'wait', start: 0.25, end: 0.95 })
  })

  test('are left out where several requests share a bar, or none was made (S1)', () => {
    expect(splitPhases(makeStep({ phases: [phases, phases] }))).toEqual([])
    expect(splitPhases(makeStep({ phases: null }))).toEqual([])
  })

  test('never pass the end of their bar, nor overlap (S2)', () => {
    const ms = fc.integer({ min: 0, max: 10_000 })
    const some = fc.record({ queuedMs: ms, dnsMs: ms, waitMs: ms, receiveMs: ms })
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 5_000 }), (given, duration_ms) => {
        let last = 0
        for (const { start, end } of splitPhases(makeStep({ duration_ms, phases: given }))) {
          expect(start).toBe(last)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(1)
          last = end
        }
      }),
    )
  })
})
