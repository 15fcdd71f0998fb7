import { describe, expect, test } from 'vitest'
import { describeHydration } from '../testing/conformance-hydration.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { answerOf, loadFixture, requestOf } from '../testing/fixture.ts'
import { endingOf } from './ending.ts'
import { vapi } from './index.ts'

adapterConformance(vapi, {
  signsBody: ['events'],
  timed: { events: 300_000 },
  unheardOf: { body: '{"message":{"type":"speech-update","call":{"id":"c1"}}}' },
})

describeHydration(vapi, {
  body: { id: 'c1', endedAt: '2026-03-02T15:05:09.000Z', endedReason: 'customer-busy' },
  call: { status: 'busy', ended_reason: 'customer-busy' },
})

const options = vapi.options.parse(loadFixture('vapi', 'event.status-update.ended').options)
const ended = requestOf('vapi', 'event.status-update.ended')

test('a body other than the signed one is refused, and so is an old signature', () => {
  const body = Buffer.concat([ended.body, Buffer.from(' ')])
  expect(vapi.verify({ ...ended, body }, options).ok).toBe(false)
  const received_at = '2026-03-02T15:10:10.000Z'
  expect(vapi.verify({ ...ended, received_at }, options).ok).toBe(false)
})

test('an early sign of the end is noted, so that a lost report is waited for no longer than needed', () => {
  const reading = vapi.readEvents(ended, options)
  expect(reading).toMatchObject({
    kind: 'events',
    events: [],
    notes: [{ ends: true, call: { ended_reason: 'customer-ended-call' } }],
  })
})

test('a tool call is answered with nothing, for the platform waits for it', () => {
  const body = Buffer.from('{"message":{"type":"tool-calls","call":{"id":"c1"}}}')
  const reading = vapi.readEvents({ ...ended, body }, options)
  expect(reading).toMatchObject({ events: [], reply: { status: 200, body: { results: [] } } })
})

describe('an outbound call', () => {
  const message = {
    type: 'status-update',
    status: 'in-progress',
    call: {
      id: 'c1',
      type: 'outboundPhoneCall',
      customer: { number: '+447700900142' },
      phoneNumber: { number: '+15550123' },
    },
  }

  test('is from our number to the customer’s, wherever they stand in the body', () => {
    const body = Buffer.from(JSON.stringify({ message }))
    expect(vapi.readEvents({ ...ended, body }, options)).toMatchObject({
      events: [
        {
          payload: {
            call: { from_number: '+15550123', to_number: '+447700900142', direction: 'outbound' },
          },
        },
      ],
    })
  })
})

test.each([
  ['customer-busy', { status: 'busy' }],
  ['assistant-request-returned-error', { status: 'rejected' }],
  ['assistant-request-failed', { status: 'failed' }],
  ['call.in-progress.error-vapifault-x', { status: 'failed' }],
  ['assistant-forwarded-call', { status: 'completed', transferred: true }],
  ['silence-timed-out', { status: 'completed', answered_by: 'human' }],
])('a call that ended for %s has ended as %j', (reason, ending) => {
  expect(endingOf(reason)).toMatchObject(ending)
})

test('a record fills in for a report that never came', () => {
  expect(vapi.hydrate.request('c1', options)).toBeNull()
  const body = {
    id: 'c1',
    type: 'inboundPhoneCall',
    endedAt: '2026-03-02T15:05:09.000Z',
    startedAt: '2026-03-02T15:04:09.000Z',
    endedReason: 'customer-ended-call',
    analysis: { summary: 'Moved.' },
  }
  expect(vapi.hydrate.read(answerOf(200, body), options)).toMatchObject({
    kind: 'call',
    analyzed: true,
    call: { status: 'completed', duration: 60, summary: 'Moved.' },
  })
  const running = { ...body, endedAt: null }
  expect(vapi.hydrate.read(answerOf(200, running), options).kind).toBe('not_yet')
})
