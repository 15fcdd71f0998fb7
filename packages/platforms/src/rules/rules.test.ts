import { describe, expect, test } from 'vitest'
import type { NeutralOutcome } from '../neutral.ts'
import { contextOf, sipContext } from './context.ts'
import { digestOf } from './dedupe.ts'
import { memoOf } from './memo.ts'
import { greetingLost, settleOutcome } from './outcome.ts'
import { asStrings, sendable } from './parameters.ts'
import { roleOf } from './roles.ts'

const resultOf = (outcome: NeutralOutcome) => ({ run_id: 'r1', outcome, parameters: {} })
const silent = { outcome_parameters: false }
const telling = { outcome_parameters: true }

describe('an outcome', () => {
  const transfer = { type: 'transfer', to_number: '+447700900577' } as const

  test('that the platform can express is expressed (O1)', () => {
    expect(settleOutcome(resultOf(transfer), silent, ['transfer'])).toEqual({
      outcome: transfer,
      reserved: {},
      degraded: null,
    })
  })

  test('that it cannot is told to the prompt, if that is asked for (O2)', () => {
    expect(settleOutcome(resultOf(transfer), telling, [])).toMatchObject({
      outcome: { type: 'continue' },
      reserved: { bookend_outcome: 'transfer', bookend_transfer_to: '+447700900577' },
      degraded: { wanted: 'transfer', sent: 'parameters' },
    })
  })

  test('else is let go, and that is said (O3)', () => {
    expect(settleOutcome(resultOf(transfer), silent, [])).toMatchObject({
      outcome: { type: 'continue' },
      reserved: {},
      degraded: { wanted: 'transfer', sent: 'continue' },
    })
  })

  test.each<[NeutralOutcome, Record<string, string>]>([
    [{ type: 'continue' }, { bookend_outcome: 'continue' }],
    [
      { type: 'route', agent_id: 'a1' },
      { bookend_outcome: 'route', bookend_agent_id: 'a1' },
    ],
    [{ type: 'reject' }, { bookend_outcome: 'reject', bookend_reject_reason: 'declined' }],
    [
      { type: 'say', text: 'Bye.' },
      { bookend_outcome: 'say', bookend_say: 'Bye.' },
    ],
  ])(
    '%j is told with every answer, so that no placeholder stays open (O2)',
    (outcome, reserved) => {
      const all = ['route', 'reject', 'say'] as const
      expect(settleOutcome(resultOf(outcome), telling, all).reserved).toEqual(reserved)
    },
  )

  test.each(['reception', '', 'sip:x@y.example', '+1 555 0123', '15550123'])(
    'that transfers to %j, which is no number, goes on instead (O4)',
    (to_number) => {
      const settled = settleOutcome(resultOf({ type: 'transfer', to_number }), telling, [
        'transfer',
      ])
      expect(settled).toMatchObject({
        outcome: { type: 'continue' },
        reserved: { bookend_outcome: 'continue' },
        degraded: { wanted: 'transfer', sent: 'continue' },
      })
    },
  )

  test('loses its greeting with a word, and an empty one without', () => {
    const result = resultOf({ type: 'continue' })
    expect(greetingLost({ ...result, greeting: 'Hi' }, 'why')).toMatchObject({ reason: 'why' })
    expect([greetingLost(result, ''), greetingLost({ ...result, greeting: '' }, '')]).toEqual([
      null,
      null,
    ])
  })
})

describe('parameters on the way out', () => {
  test('have names that every platform takes; others are dropped and named', () => {
    const given = {
      good_1: 1,
      _also: 2,
      '1st': 3,
      'a-b': 4,
      bookend_outcome: 5,
      telnyx_id: 6,
      ['x'.repeat(65)]: 7,
    }
    const { parameters, dropped } = sendable(given, 'telnyx_')
    expect(parameters).toEqual({ good_1: 1, _also: 2 })
    expect(dropped).toEqual(['1st', 'a-b', 'bookend_outcome', 'telnyx_id', 'x'.repeat(65)])
    expect(sendable({ telnyx_id: 6 }).dropped).toEqual([])
    const hostile = JSON.parse('{"__proto__": 1}') as Record<string, number>
    expect(sendable(hostile).dropped).toEqual(['__proto__'])
  })

  test('as text are what JSON makes of them; null is none', () => {
    const given = { a: 'é', b: 2, c: true, d: { e: [null] }, f: null, g: '' }
    expect(asStrings(given)).toEqual({ a: 'é', b: '2', c: 'true', d: '{"e":[null]}', g: '' })
  })
})

describe('what makes two requests one call', () => {
  const call = {
    provider_call_id: 'c1',
    from_number: '+447700900142',
    to_number: '+15550123',
  }

  test('is its id, else both its numbers', () => {
    expect(memoOf('retell', call)).toEqual({
      memo_key: 'retell:pre-call:c1',
      memo_window_ms: 45_000,
    })
    expect(memoOf('retell', { ...call, provider_call_id: null }).memo_key).toBe(
      'retell:pre-call:+447700900142>+15550123',
    )
  })

  test('is nothing when a number is withheld: two strangers never share an answer', () => {
    const noId = { ...call, provider_call_id: null }
    expect(memoOf('retell', { ...noId, from_number: null }).memo_key).toBeNull()
    expect(memoOf('retell', { ...noId, to_number: null }).memo_key).toBeNull()
  })
})

test('facts of a call are text, trimmed, bounded, and given or not there', () => {
  const headers = { 'X-Region': ' eu ', 'X-Empty': '', 'X-Count': 1, Via: 'z', __proto__: 'x' }
  const facts = contextOf(
    [
      ['from_raw', 'x'.repeat(5_000)],
      ['to_raw', null],
    ],
    sipContext(headers, (name) => name.startsWith('X-')),
  )
  expect(facts).toEqual({ from_raw: 'x'.repeat(1_024), 'sip.X-Region': 'eu' })
})

test.each([
  ['Assistant', 'agent'],
  ['robot', 'agent'],
  ['caller', 'user'],
  ['agent-action', 'tool'],
  ['transfer_target', 'system'],
  [null, 'system'],
])('a turn of %j is the %s’s', (word, role) => {
  expect(roleOf(word)).toBe(role)
})

test('content has one short name, and another content another', () => {
  expect(digestOf({ a: 1 }, null)).toBe(digestOf({ a: 1 }, null))
  expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }))
  expect(digestOf('x')).toMatch(/^[0-9a-f]{32}$/)
})
