import { expect, test } from 'vitest'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, requestOf } from '../testing/fixture.ts'
import { assemblyAi } from './index.ts'

adapterConformance(assemblyAi, {
  signsBody: [],
  timed: {},
  unheardOf: { body: '{"event":"call.dreaming","data":{"call_id":"c1"}}' },
})

const fixture = loadFixture('assemblyai', 'pre-call')
const options = assemblyAi.options.parse(fixture.options)
const raw = requestOf('assemblyai', 'event.call.ended')
const read = (body: object) =>
  assemblyAi.readEvents({ ...raw, body: Buffer.from(JSON.stringify(body)) })

test('the request that the platform is to send is written from what workflows may answer', () => {
  const preCall = 'https://bookend.example/platforms/assemblyai/main/pre-call'
  const declaring = { ...options, declared_parameters: ['customer_name', 'tier'] }
  const [first, second] = assemblyAi.setUp(declaring, { preCall, events: 'https://b.example/e' })
  expect(first?.settings).toEqual(fixture.platform_configuration)
  expect(second?.settings?.['url']).toBe('https://b.example/e/path-token-made-up-0001')
})

test('on a phone call the end of the session only adds why it closed', () => {
  const data = { call_id: 'c1', session_id: 's1', close_reason: 'caller_hung_up' }
  expect(read({ event: 'session.completed', data })).toMatchObject({
    events: [],
    notes: [{ call_id: 'c1', ends: true, call: { ended_reason: 'caller_hung_up' } }],
  })
})

test.each([
  { type: 'call.ended', payload: { call_id: 'c1', duration: '60' } },
  { event_type: 'call.ended', call_id: 'c1', duration_seconds: 59.6 },
])('fields are found wherever they stand: %j', (body) => {
  expect(read(body)).toMatchObject({
    events: [
      {
        dedupe_key: 'assemblyai:c1:call.ended',
        payload: { call_id: 'c1', call: { status: 'completed', duration: 60 } },
      },
    ],
  })
})

test('what an earlier request captured is a fact of the call, and never a number of it', () => {
  const body = Buffer.from('{"caller_number":"+447700900142","plan":{"tier":2},"to_number":"x"}')
  expect(assemblyAi.readPreCall({ ...raw, door: 'pre-call', body }, options)).toMatchObject({
    request: {
      call: { to_number: null },
      context: { 'sent.plan': '{"tier":2}', 'sent.to_number': 'x' },
    },
  })
})

test('a refusal wins over a greeting', () => {
  const result = {
    run_id: 'r1',
    outcome: { type: 'reject' } as const,
    parameters: {},
    greeting: 'Hi',
  }
  const reply = assemblyAi.writePreCall(result, fixture.expect?.request as never, options)
  expect(reply).toMatchObject({ body: { reject: true, parameters: {} }, degraded: null })
  expect(reply.body).not.toHaveProperty('greeting')
})
