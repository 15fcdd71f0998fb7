import Telnyx from 'telnyx'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeHydration } from '../testing/conformance-hydration.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { answerOf, loadFixture, loadFixtures, rawRequest, requestOf } from '../testing/fixture.ts'
import { telnyx } from './index.ts'

adapterConformance(telnyx, {
  signsBody: ['pre-call', 'events'],
  timed: { 'pre-call': 300_000, events: 300_000 },
  unheardOf: {
    body: '{"data":{"id":"e1","event_type":"call.dreaming","payload":{"call_session_id":"s1"}}}',
  },
})

describeHydration(telnyx, {
  body: { data: [{ role: 'user', text: 'Hello', sent_at: '2026-03-02T15:04:10Z' }] },
  call: { transcripts: [{ role: 'user', text: 'Hello' }] },
})

const options = telnyx.options.parse(loadFixture('telnyx', 'pre-call').options)
const answered = requestOf('telnyx', 'event.call.answered')

const read = (type: string, payload: object) => {
  const body = Buffer.from(JSON.stringify({ data: { id: 'e1', event_type: type, payload } }))
  return telnyx.readEvents({ ...answered, body }, options)
}

describe('what Telnyx signs', () => {
  const samples = loadFixtures('telnyx').flatMap(({ name, request }) =>
    request === undefined ? [] : [{ name, raw: rawRequest(request) }],
  )

  test.each(samples)('is verified by its own helper: $name', async ({ raw }) => {
    vi.useFakeTimers({ now: Date.parse(raw.received_at) })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const client = new Telnyx({ apiKey: 'unused', publicKey: options.public_key })
    const text = Buffer.from(raw.body).toString()
    const event: unknown = await client.webhooks.unwrap(text, { headers: raw.headers })
    expect(event).toMatchObject({ data: {} })
    await expect(client.webhooks.unwrap(`${text} `, { headers: raw.headers })).rejects.toThrow(
      /signature|verif/i,
    )
  })
})

test('a hang-up completes nothing by itself, and says how the call would have ended', () => {
  const hangUp = (cause: string) =>
    read('call.hangup', { call_session_id: 's1', hangup_cause: cause })
  expect(hangUp('normal_clearing')).toMatchObject({
    events: [],
    notes: [{ ends: true, call: { status: 'completed' } }],
  })
  expect(hangUp('originator_cancel')).toMatchObject({ notes: [{ call: { status: 'no_answer' } }] })
  expect(hangUp('user_busy')).toMatchObject({ notes: [{ call: { status: 'busy' } }] })
})

test('an incoming call that is not answered yet only teaches its direction', () => {
  expect(read('call.initiated', { call_session_id: 's1', direction: 'outgoing' })).toMatchObject({
    events: [],
    notes: [{ ends: false, call: { direction: 'outbound' } }],
  })
})

test('an insight that looks like JSON stays text', () => {
  const results = [{ insight_id: 'i1', result: '{"a":1}' }]
  expect(
    read('call.conversation_insights.generated', { call_session_id: 's1', results }),
  ).toMatchObject({
    events: [{ payload: { call: { analysis_results: [{ name: 'i1', result: '{"a":1}' }] } } }],
  })
})

test('a conversation’s turns fill in the transcript that no event carries, in order', () => {
  const data = [
    { role: 'user', text: 'Hello', sent_at: '2026-03-02T15:04:10Z' },
    { role: 'assistant', text: 'Hi', sent_at: '2026-03-02T15:04:09Z' },
  ]
  expect(telnyx.hydrate.read(answerOf(200, { data }), options)).toMatchObject({
    kind: 'call',
    call: { transcripts: [{ role: 'agent', text: 'Hi' }, { role: 'user' }] },
  })
})
