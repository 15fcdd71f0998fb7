import { describe, expect, test } from 'vitest'
import { delivery, journey, step, trace } from '../testing/fixtures.ts'
import { isAtRest } from './follow-trace.ts'
import { findNews } from './trace-news.ts'

const attempt = (number: number, error: string | null) => ({
  attempt: number,
  started_at: '2026-01-01T00:00:00.000Z',
  duration_ms: 5,
  error,
})
const kinds = (...looks: Parameters<typeof findNews>): string[] =>
  findNews(...looks).map(({ kind }) => kind)

describe('news between two looks at a call', () => {
  test('tells what is there at the first look', () => {
    const now = trace({ journeys: [journey({ steps: [step()] })], deliveries: [delivery()] })
    expect(kinds(null, now)).toEqual(['run-began', 'step', 'run-ended', 'delivery'])
  })

  test('tells nothing twice (N1)', () => {
    const now = trace({ journeys: [journey({ steps: [step()] })], deliveries: [delivery()] })
    expect(kinds(now, structuredClone(now))).toEqual([])
  })

  test('tells each failed attempt as it comes, then the end of the step', () => {
    const going = (tries: number, ended: boolean) =>
      trace({
        journeys: [
          journey({
            status: 'running',
            steps: [
              step({
                status: ended ? 'ok' : 'running',
                attempts: [attempt(1, '503'), attempt(2, '503'), attempt(3, null)].slice(0, tries),
              }),
            ],
          }),
        ],
      })
    expect(kinds(going(0, false), going(1, false))).toEqual(['attempt-failed'])
    expect(kinds(going(1, false), going(3, true))).toEqual(['attempt-failed', 'step'])
  })

  test('tells the last failure of a step once, as the end of the step', () => {
    const steps = [step({ status: 'failed', error: '503', attempts: [attempt(1, '503')] })]
    const now = trace({ journeys: [journey({ status: 'failed', steps })] })
    expect(kinds(null, now)).toEqual(['run-began', 'step', 'run-ended'])
  })

  test('tells a wait when it begins and when it ends', () => {
    const at = (status: 'waiting' | 'ok') =>
      trace({ journeys: [journey({ status: 'running', steps: [step({ kind: 'wait', status })] })] })
    expect(kinds(trace(), at('waiting'))).toEqual(['run-began', 'step'])
    expect(kinds(at('waiting'), at('ok'))).toEqual(['step'])
  })

  test('is silent about the pause between two attempts', () => {
    const steps = [step({ status: 'waiting', attempts: [attempt(1, '503')] })]
    const now = trace({ journeys: [journey({ status: 'waiting', steps })] })
    expect(kinds(null, now)).toEqual(['run-began', 'attempt-failed'])
  })

  test('is silent about a delivery until it was tried', () => {
    const at = (attempts: number) =>
      trace({ deliveries: [delivery({ status: 'pending', attempts })] })
    expect(kinds(null, at(0))).toEqual([])
    expect(kinds(at(0), at(1))).toEqual(['delivery'])
  })
})

describe('the work after a call', () => {
  test('is at rest when journeys have ended and every delivery was tried (F2)', () => {
    const retried = delivery({ status: 'pending', attempts: 1 })
    const untried = delivery({ status: 'pending', attempts: 0 })
    expect(isAtRest(trace({ journeys: [journey()], deliveries: [retried] }))).toBe(true)
    expect(isAtRest(trace({ deliveries: [untried] }))).toBe(false)
    expect(isAtRest(trace({ journeys: [journey({ status: 'waiting' })] }))).toBe(false)
  })
})
