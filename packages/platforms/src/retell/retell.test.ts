import { sign, verify as verifyByVendor } from 'retell-sdk'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeHydration } from '../testing/conformance-hydration.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, requestOf } from '../testing/fixture.ts'
import { endingOf } from './ending.ts'
import { retell } from './index.ts'

adapterConformance(retell, {
  signsBody: ['pre-call', 'events'],
  timed: { 'pre-call': 300_000, events: 300_000 },
  unheardOf: { body: '{"event":"call_paused","call":{"call_id":"c1"}}' },
})

describeHydration(retell, {
  body: {
    call_id: 'c1',
    metadata: { bookend_run_id: 'r1' },
    start_timestamp: 1_772_463_849_000,
    end_timestamp: 1_772_463_909_000,
    disconnection_reason: 'voicemail_reached',
    call_analysis: { call_summary: 'Left a message.' },
  },
  call: { answered_by: 'voicemail', duration: 60, summary: 'Left a message.' },
})

describe('what Retell signs', () => {
  const fixture = loadFixture('retell', 'event.call_ended.raw-bytes')
  const raw = requestOf('retell', 'event.call_ended.raw-bytes')
  const options = retell.options.parse(fixture.options)

  test('with its own helper is verified, to the byte', async () => {
    const body = '{ "event": "call_started", "call": { "call_id": "caf\\u00e9 crème" } }'
    const signature = await sign(body, options.api_key)
    const received_at = new Date().toISOString()
    const headers = { 'x-retell-signature': signature }
    const request = { ...raw, headers, received_at, body: Buffer.from(body) }
    expect(retell.verify(request, options)).toEqual({ ok: true })
    const again = Buffer.from(JSON.stringify(JSON.parse(body)))
    expect(retell.verify({ ...request, body: again }, options).ok).toBe(false)
  })

  test('is verified by its own helper when the samples say so', async () => {
    vi.useFakeTimers({ now: Date.parse(fixture.request?.received_at ?? '') })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const { body = '', headers = {} } = fixture.request ?? {}
    const signature = headers['x-retell-signature'] ?? ''
    expect(await verifyByVendor(body, options.api_key, signature)).toBe(true)
    expect(await verifyByVendor(body, 'another key', signature)).toBe(false)
  })
})

test.each([
  ['dial_no_answer', { status: 'no_answer', answered_by: 'no_answer' }],
  ['user_declined', { status: 'rejected' }],
  ['error_llm_websocket_open', { status: 'failed' }],
  ['voicemail_reached', { status: 'completed', answered_by: 'voicemail' }],
  ['transfer_bridged', { status: 'completed', transferred: true }],
  ['a_word_of_next_year', { status: 'completed', answered_by: 'human' }],
])('a call disconnected for %s has ended as %j', (reason, ending) => {
  expect(endingOf(reason)).toMatchObject(ending)
})

test('a transfer to what is no number goes on as if nothing had been decided', () => {
  const options = retell.options.parse({ api_key: 'key', transfer_agent_id: 'helper' })
  const request = loadFixture('retell', 'pre-call').expect?.request
  const result = {
    run_id: 'r1',
    outcome: { type: 'transfer', to_number: 'reception' } as const,
    parameters: {},
  }
  const reply = retell.writePreCall(result, request as never, options)
  expect(reply.body).toEqual({ call_inbound: { metadata: { bookend_run_id: 'r1' } } })
  expect(reply.degraded).toMatchObject({ wanted: 'transfer', sent: 'continue' })
})

test('a text message is answered without a run', () => {
  const options = retell.options.parse({ api_key: 'key' })
  const raw = requestOf('retell', 'pre-call')
  const body = Buffer.from('{"event":"chat_inbound","chat_inbound":{}}')
  expect(retell.readPreCall({ ...raw, body }, options)).toMatchObject({
    kind: 'answer',
    reply: { status: 200, body: { chat_inbound: {} } },
  })
})
