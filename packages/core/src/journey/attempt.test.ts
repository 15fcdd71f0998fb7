import { describe, expect, test } from 'vitest'
import { BookendError, WorkflowError } from '../kernel/error.ts'
import type { IdempotencyClass } from '../ports/connector.ts'
import type { FaultVerdict } from '../ports/verdict.ts'
import { ConnectorFault } from '../ports/verdict.ts'
import type { AttemptEnding, StepHistory } from './attempt.ts'
import { afterAttempt, planStep } from './attempt.ts'
import type { JourneyStepOptions } from './definition.ts'

const now = new Date('2026-03-02T15:04:05.000Z')

const write = (by: IdempotencyClass) => ({
  connection: 'smtp/main',
  action: 'mail.send',
  class: by,
})
const fault = (verdict: FaultVerdict): AttemptEnding => ({
  kind: 'threw',
  error: new ConnectorFault(verdict),
})
const threw = (error: unknown = new Error('reset')): AttemptEnding => ({ kind: 'threw', error })

function after(
  ending: AttemptEnding,
  history: Partial<StepHistory> = {},
  options: JourneyStepOptions = {},
  random = 0,
) {
  const full = { failures: 1, crashes: 0, writes: [], ...history }
  return afterAttempt(ending, full, planStep('s', options), { now, random })
}

describe('the wait before the next attempt', () => {
  test('is no longer than the time that a limit named, and takes no patience for it (F25)', () => {
    const until = new Date(now.getTime() + 2_000)
    const limited = fault({ kind: 'limited', detail: 'rate_limited', until })
    expect(after(limited, { failures: 40 })).toMatchObject({ kind: 'again', waitMs: 2_000 })
    expect(after(limited, { failures: 100 })).toMatchObject({ kind: 'fail' })
    const unnamed = fault({ kind: 'limited', detail: 'http_429', until: null })
    expect(after(unnamed, { failures: 5 })).toMatchObject({ kind: 'fail' })
  })

  test('doubles from 1 s to 10 min, and the fifth failure is the last', () => {
    const waits = [1, 2, 3, 4].map((failures) => after(threw(), { failures }))
    expect(waits).toMatchObject([1_000, 2_000, 4_000, 8_000].map((waitMs) => ({ waitMs })))
    expect(after(threw(), { failures: 5 })).toEqual({ kind: 'fail', error: 'reset' })
    const late = after(threw(), { failures: 20 }, { retry: { attempts: 50 } })
    expect(late).toMatchObject({ waitMs: 600_000 })
  })

  test('is ten seconds at least where a mark may be seen late (R6)', () => {
    const unknown = fault({ kind: 'unknown', detail: 'timeout' })
    const crash: AttemptEnding = { kind: 'cut', by: 'crash' }
    const writes = [write('marker')]
    for (const ending of [unknown, crash, { kind: 'timed_out' } as const]) {
      expect(after(ending, { writes })).toMatchObject({ kind: 'again', waitMs: 10_000 })
    }
    const unsent = fault({ kind: 'retry', detail: 'refused' })
    expect(after(unsent, { writes })).toMatchObject({ waitMs: 1_000 })
  })

  test('stays the same when it is fixed', () => {
    const options: JourneyStepOptions = { retry: { backoff: 'fixed', first: '3s' } }
    expect(after(threw(), { failures: 4 }, options)).toMatchObject({ waitMs: 3_000 })
  })

  test('is moved upwards only (F17)', () => {
    expect(after(threw(), {}, {}, 0.999_999)).toMatchObject({ waitMs: expect.closeTo(1_200, 0) })
  })

  test('is never shorter than the other system asked for, and at most a day (R3, F17)', () => {
    const until = new Date(now.getTime() + 90_000)
    expect(after(fault({ kind: 'limited', detail: 'http_429', until }))).toMatchObject({
      waitMs: 90_000,
    })
    expect(after(fault({ kind: 'retry', detail: 'x', afterMs: 70_000 }))).toMatchObject({
      waitMs: 70_000,
    })
    const never = new Date(now.getTime() + 3_650 * 86_400_000)
    expect(after(fault({ kind: 'limited', detail: 'http_429', until: never }))).toMatchObject({
      waitMs: 86_400_000,
    })
    expect(after(fault({ kind: 'limited', detail: 'http_429', until: null }))).toMatchObject({
      waitMs: 1_000,
    })
  })
})

describe('what will not succeed is not tried again (R1, F19)', () => {
  test.each(['refused', 'auth', 'missing', 'conflict'] as const)('%s', (kind) => {
    expect(after(fault({ kind, detail: 'http_4xx' })).kind).toBe('fail')
  })

  test('an error of ours that says so, also from another copy of its class', () => {
    class OwnError extends BookendError {
      readonly code = 'own'
      readonly retryable = false
    }
    expect(after(threw(new OwnError('no'))).kind).toBe('fail')
    expect(after(threw({ code: 'x', retryable: false })).kind).toBe('fail')
    expect(after(threw({ code: 'x', retryable: true })).kind).toBe('again')
  })
})

describe('an attempt whose effect nobody can tell (R2, faults §2)', () => {
  const repeatable = ['natural', 'key', 'client_id', 'marker', 'keyed_append'] as const
  const endings: [string, AttemptEnding][] = [
    ['cut off by a crash', { kind: 'cut', by: 'crash' }],
    ['told to stop', { kind: 'cut', by: 'stop' }],
    ['timed out', { kind: 'timed_out' }],
    ['answer lost', fault({ kind: 'unknown', detail: 'http_502' })],
    ['failed after its write', threw()],
  ]

  describe.each(endings)('%s', (_, ending) => {
    test.each(repeatable)('is made again when the receiver knows a repeat: %s', (by) => {
      expect(after(ending, { writes: [write(by)] }).kind).toBe('again')
    })

    test('is parked for a person when it does not: none', () => {
      const next = after(ending, { writes: [write('none')] })
      expect(next).toMatchObject({ kind: 'fail', error: expect.stringMatching(/^maybe done: /) })
    })

    test('goes by what the step says instead', () => {
      const history = { writes: [write('none')] }
      expect(after(ending, history, { unknown: 'retry' }).kind).toBe('again')
      expect(after(ending, history, { unknown: 'assume_done' })).toEqual({
        kind: 'done',
        output: null,
      })
    })
  })

  test('is made again when it announced no write at all', () => {
    expect(after({ kind: 'cut', by: 'crash' }).kind).toBe('again')
    expect(after({ kind: 'timed_out' }).kind).toBe('again')
  })

  test('was certainly not sent when the fault says so', () => {
    const ending = fault({ kind: 'retry', detail: 'connect_failed' })
    expect(after(ending, { writes: [write('none')] }).kind).toBe('again')
  })

  test('but the fault speaks for the last write alone', () => {
    const ending = fault({ kind: 'retry', detail: 'connect_failed' })
    expect(after(ending, { writes: [write('none'), write('none')] })).toMatchObject({
      error: expect.stringMatching(/^maybe done/),
    })
  })
})

describe('an attempt that ended the process (R4, F24)', () => {
  test('is made again twice, then the step is set apart', () => {
    const ending = { kind: 'cut', by: 'crash' } as const
    expect(after(ending, { failures: 0, crashes: 1 })).toMatchObject({ kind: 'again', waitMs: 0 })
    expect(after(ending, { failures: 0, crashes: 2 }).kind).toBe('again')
    expect(after(ending, { failures: 0, crashes: 3 })).toEqual({
      kind: 'fail',
      error: 'ended the process, 3 times: set apart',
    })
  })

  test('is none of the tries its retry grants', () => {
    const one: JourneyStepOptions = { retry: { attempts: 1 } }
    expect(after({ kind: 'cut', by: 'crash' }, { failures: 0, crashes: 1 }, one).kind).toBe('again')
  })
})

test.each([0, 1.5, 101, Number.NaN])('retry.attempts: %d is refused', (attempts) => {
  expect(() => planStep('s', { retry: { attempts } })).toThrow(WorkflowError)
})
