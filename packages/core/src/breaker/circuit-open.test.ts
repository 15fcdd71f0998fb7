import { describe, expect, test } from 'vitest'
import { afterAttempt, planStep } from '../journey/attempt.ts'
import { ConnectorFault } from '../ports/verdict.ts'
import { circuitOpen, isCircuitOpen } from './circuit-open.ts'

describe('an open circuit', () => {
  test('is told from other faults', () => {
    expect(isCircuitOpen(circuitOpen(5_000))).toBe(true)
    expect(isCircuitOpen(new ConnectorFault({ kind: 'retry', detail: 'http_503' }))).toBe(false)
    expect(isCircuitOpen(new Error('circuit_open'))).toBe(false)
  })

  test('has a journey try again, not before something is let through (F18)', () => {
    const history = { failures: 1, crashes: 0, writes: [] }
    const ending = { kind: 'threw', error: circuitOpen(40_000) } as const
    const now = new Date('2026-03-02T15:04:05.000Z')
    const after = afterAttempt(ending, history, planStep('ticket'), { now, random: 0 })
    expect(after).toMatchObject({ kind: 'again', waitMs: 40_000 })
  })

  test('is certain of a write that it was not sent, so that it is repeated', () => {
    const writes = [
      { connection: 'http/desk', action: 'request.send', class: 'none' as const, key: 'k' },
    ]
    const history = { failures: 1, crashes: 0, writes }
    const ending = { kind: 'threw', error: circuitOpen(5_000) } as const
    const after = afterAttempt(ending, history, planStep('ticket'), { now: new Date(0), random: 0 })
    expect(after.kind).toBe('again')
  })
})
