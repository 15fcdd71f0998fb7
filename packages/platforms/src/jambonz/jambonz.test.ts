import { WebhookResponse } from '@jambonz/node-client'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, loadFixtures, rawRequest, requestOf } from '../testing/fixture.ts'
import { jambonz } from './index.ts'
import { fillTemplate } from './template.ts'

adapterConformance(jambonz, {
  signsBody: ['events'],
  timed: { events: 300_000 },
  unheardOf: { body: '{"call_sid":"c1","call_status":"dreaming"}' },
})

const fixture = loadFixture('jambonz', 'pre-call.call-hook')
const options = jambonz.options.parse(fixture.options)
const raw = requestOf('jambonz', 'event.status.completed')
const asked = requestOf('jambonz', 'pre-call.call-hook')

describe('what jambonz signs', () => {
  const samples = loadFixtures('jambonz').flatMap(({ name, request }) =>
    request?.headers['jambonz-signature'] === undefined
      ? []
      : [{ name, sample: rawRequest(request) }],
  )

  test.each(samples)('is verified by its own helper: $name', ({ sample }) => {
    vi.useFakeTimers({ now: Date.parse(sample.received_at) })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const check = verifierOf('jambonz-webhook-secret')
    const body: unknown = JSON.parse(Buffer.from(sample.body).toString())
    expect(check({ ...sample, body })).toBe(true)
    expect(check({ ...sample, body: { ...(body as object), extra: 1 } })).toBe(false)
  })
})

test('the pre-call request is signed too: altered or old, it is refused', () => {
  const body = Buffer.concat([asked.body, Buffer.from(' ')])
  expect(jambonz.verify({ ...asked, body }, options).ok).toBe(false)
  const received_at = '2026-03-02T15:10:10.000Z'
  expect(jambonz.verify({ ...asked, received_at }, options).ok).toBe(false)
})

test('whoever gives no password is told how to', () => {
  const basic = jambonz.options.parse(loadFixture('jambonz', 'pre-call.auth-basic').options)
  expect(jambonz.verify({ ...asked, headers: {} }, basic)).toMatchObject({
    ok: false,
    challenge: expect.stringMatching(/^Basic /) as unknown,
  })
})

test('the portal’s question is answered without a signature and without a run', () => {
  const question = { ...asked, method: 'OPTIONS', headers: {}, body: new Uint8Array() }
  expect(jambonz.verify(question, options)).toEqual({ ok: true })
  expect(jambonz.readPreCall(question, options)).toMatchObject({ kind: 'answer' })
  expect(jambonz.verify({ ...question, door: 'events' }, options).ok).toBe(false)
})

test('a value is filled in once, whatever it holds, and only where a name stands', () => {
  const template = { say: ['{{a}} and {{ b }}', 1, null], '{{a}}': '{{constructor}}{{missing}}' }
  expect(fillTemplate(template, { a: '{{b}}', b: { c: [1] } }, '–')).toEqual({
    say: ['{{b}} and {"c":[1]}', 1, null],
    '{{a}}': '––',
  })
})

test('an agent without verbs is answered by the default one; without that, the call is declined', () => {
  const request = fixture.expect?.request as never
  const route = { type: 'route', agent_id: 'nobody' } as const
  const result = { run_id: 'r1', outcome: route, parameters: {} }
  expect(jambonz.writePreCall(result, request, options)).toMatchObject({
    degraded: { wanted: 'route', sent: 'continue' },
  })
  const none = { ...options, agents: {} }
  expect(jambonz.writePreCall(result, request, none)).toMatchObject({
    body: [{ verb: 'sip:decline', status: 480 }],
    degraded: { sent: 'reject' },
  })
})

test('declined by the person called is a refusal, and not a failure', () => {
  const body = Buffer.from('{"call_sid":"c1","call_status":"failed","sip_status":603}')
  expect(jambonz.readEvents({ ...raw, body }, options)).toMatchObject({
    events: [{ payload: { call: { status: 'rejected', ended_reason: '603' } } }],
  })
})

test('the end of an agent’s verb is answered with no verbs, for the platform waits for some', () => {
  const body = Buffer.from('{"call_sid":"c1","completion_reason":"normal"}')
  expect(jambonz.readEvents({ ...raw, body }, options)).toMatchObject({
    events: [],
    reply: { status: 200, body: [] },
  })
})

interface Signed {
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}
/** The vendor's middleware as a function: true when it lets a request pass, and it throws otherwise. */
function verifierOf(secret: string): (signed: Signed) => boolean {
  const middleware = WebhookResponse.verifyJambonzSignature(secret)
  return ({ headers, body }) => {
    let passed = false
    try {
      middleware({ body, headers, get: (name) => headers[name.toLowerCase()] }, {}, () => {
        passed = true
      })
    } catch {
      return false
    }
    return passed
  }
}
