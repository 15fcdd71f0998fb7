import { describe, expect, test } from 'vitest'
import { describeHydration } from '../testing/conformance-hydration.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, requestOf } from '../testing/fixture.ts'
import { bland } from './index.ts'

adapterConformance(bland, {
  signsBody: ['events'],
  timed: {},
  unheardOf: { body: '{"call_id":"c1","category":"dreaming"}' },
})

describeHydration(bland, {
  body: { call_id: 'c1', completed: true, answered_by: 'human', call_length: 1, summary: 'Moved.' },
  call: { status: 'completed', answered_by: 'human', duration: 60, summary: 'Moved.' },
})

const fixture = loadFixture('bland', 'pre-call.dynamic-data')
const options = bland.options.parse(fixture.options)
const raw = requestOf('bland', 'event.post-call')

const read = (more: object) => {
  const body = Buffer.from(JSON.stringify({ call_id: 'c1', completed: true, ...more }))
  return bland.readEvents({ ...raw, body }, options)
}

test('the request that the platform is to send is written from what workflows may answer', () => {
  const preCall = 'https://bookend.example/platforms/bland/main/pre-call'
  const [first] = bland.setUp(options, { preCall, events: '' })
  expect(first?.settings).toEqual(fixture.platform_configuration)
})

test('the names of decisions are read as well when the prompt is to know them', () => {
  const [first] = bland.setUp({ ...options, outcome_parameters: true }, { preCall: '', events: '' })
  expect(JSON.stringify(first)).toContain('$.parameters.bookend_transfer_to')
})

test('an unfilled template is no fact, and no call’s id', () => {
  const body = Buffer.from('{"call_id":"{{call_id}}","from":"{{from}}","to":"+15550123"}')
  expect(bland.readPreCall({ ...raw, door: 'pre-call', body }, options)).toMatchObject({
    request: { call: { provider_call_id: null, from_number: null }, context: {}, memo_key: null },
  })
})

test('a value that the platform does not read is warned of', () => {
  const result = {
    run_id: 'r1',
    outcome: { type: 'continue' } as const,
    parameters: { shoe_size: 41, customer_name: 'Mira' },
  }
  const reply = bland.writePreCall(result, fixture.expect?.request as never, options)
  expect(reply.warnings).toEqual([
    'shoe_size is not in declared_parameters: the platform does not read it',
  ])
})

describe('the end of a call', () => {
  test('lasted minutes by one field, and seconds by the better one', () => {
    const lasted = (more: object) => {
      const reading = read(more)
      return reading.kind === 'events' ? reading.events[0]?.payload.call?.duration : null
    }
    expect(lasted({ call_length: 1.5 })).toBe(90)
    expect(lasted({ call_length: 1.5, corrected_duration: '87' })).toBe(87)
  })

  test.each([
    [{ answered_by: 'no-answer' }, { status: 'no_answer', answered_by: 'no_answer' }],
    [{ answered_by: null }, { status: 'completed', answered_by: 'unknown' }],
    [
      { completed: false, error_message: 'no route' },
      { status: 'failed', ended_reason: 'no route' },
    ],
    [{ transferred_to: '+447700900577' }, { transferred: true }],
  ])('with %j is read as %j', (more, call) => {
    expect(read(more)).toMatchObject({ events: [{ payload: { call } }] })
  })

  test('sent again with an analysis added is another analysis; without a change, the same', () => {
    const keyOf = (more: object) => {
      const reading = read(more)
      return reading.kind === 'events' ? reading.events[1]?.dedupe_key : null
    }
    const first = keyOf({ summary: 'Moved.', price: 1 })
    expect(keyOf({ summary: 'Moved.', price: 2 })).toBe(first)
    expect(keyOf({ summary: 'Moved.', analysis: { kind: 'visit' } })).not.toBe(first)
  })
})
