import type { BacktestAnswer, BacktestedCall } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { at, makeRun, makeStep, uuid } from '../../testing/fixtures.ts'
import {
  answersOf,
  compareParameters,
  compareSteps,
  renderTimeChange,
  runOfNow,
} from './compare.ts'

const answer = (given: Partial<BacktestAnswer>): BacktestAnswer => ({
  status: 'answered',
  parameters: {},
  outcome: { type: 'continue' },
  missing: [],
  duration_ms: 2_010,
  error: null,
  ...given,
})

const call: BacktestedCall = {
  run_id: uuid(30),
  call_id: uuid(20),
  from_number: '+15550100001',
  started_at: at(0),
  version: 'a',
  budget_ms: 4_500,
  was: answer({
    status: 'partial',
    parameters: { open_tickets: 0, plan: 'pro' },
    missing: [{ name: 'open_tickets', reason: 'timed_out', step: 'tickets' }],
  }),
  now: answer({ parameters: { latest: 'Router', open_tickets: 2 }, duration_ms: 1_310 }),
  differs: ['parameters'],
  changed: ['latest', 'open_tickets', 'plan'],
  gaps: [],
  steps: [makeStep({ name: 'tickets' })],
}

describe('then and now', () => {
  test('stand by parameter, with the reason for what was missing', () => {
    expect(compareParameters(call)).toMatchObject([
      { name: 'latest', was: undefined, now: 'Router', isChanged: true },
      { name: 'open_tickets', was: 0, now: 2, wasMissing: 'timed_out', nowMissing: null },
      { name: 'plan', was: 'pro', now: undefined, isChanged: true },
    ])
  })

  test('stand by step; one that is gone comes last, one that is alike is not marked', () => {
    const ok = (name: string, output = 1) =>
      ({ name, kind: 'step', status: 'ok', output, error: null }) as const
    const was = [makeStep({ name: 'log', output: 1 }), makeStep({ name: 'old', output: 1 })]
    const pairs = compareSteps(was, [ok('log'), ok('mail')])
    expect(pairs.map(({ name, isChanged }) => [name, isChanged])).toEqual([
      ['log', false],
      ['mail', true],
      ['old', true],
    ])
  })

  test('are charts of one kind', () => {
    const made = runOfNow(makeRun({ status: 'partial' }), { call, version: 'b' })
    expect(made).toMatchObject({ status: 'answered', version: 'b', duration_ms: 1_310 })
    expect(made.steps.map(({ name }) => name)).toEqual(['tickets'])
  })

  test('say how the time changed', () => {
    expect(renderTimeChange(2_010, 1_310)).toBe('700 ms faster, 35 %')
    expect(renderTimeChange(0, 12)).toBe('12 ms slower')
    expect(renderTimeChange(40, 40.2)).toBeNull()
  })

  test('share what people answered', () => {
    const human = makeStep({ name: 'decide', kind: 'human', output: { answer: { ok: true } } })
    expect(answersOf(makeRun({ steps: [human, makeStep()] }))).toEqual({ decide: { ok: true } })
  })
})
