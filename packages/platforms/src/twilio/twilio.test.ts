import twilioSdk from 'twilio'
import { describe, expect, test } from 'vitest'
import { describeHydration } from '../testing/conformance-hydration.ts'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, loadFixtures, rawRequest, requestOf } from '../testing/fixture.ts'
import { twilio } from './index.ts'

adapterConformance(twilio, {
  signsBody: ['pre-call', 'events'],
  timed: {},
  unheardOf: {
    body: 'CallSid=CA1&CallStatus=dreaming',
    contentType: 'application/x-www-form-urlencoded',
  },
})

describeHydration(twilio, {
  body: {
    sid: 'CA1',
    status: 'no-answer',
    direction: 'outbound-api',
    from: '+15550123',
    to: '+447700900142',
    start_time: 'Mon, 02 Mar 2026 15:04:05 +0000',
    duration: '0',
  },
  call: { status: 'no_answer', direction: 'outbound', started_at: '2026-03-02T15:04:05.000Z' },
})

const voice = requestOf('twilio', 'pre-call.voice')
const options = twilio.options.parse(loadFixture('twilio', 'pre-call.voice').options)

describe('what Twilio signs', () => {
  const forms = loadFixtures('twilio').flatMap(({ name, request }) =>
    request?.headers['content-type']?.includes('form') === true ? [{ name, request }] : [],
  )

  test.each(forms)('is verified by its own helper: $name', ({ request }) => {
    const url = request.url.replace('http://10.0.0.5:8080', 'https://bookend.example')
    const form = Object.fromEntries(new URLSearchParams(request.body))
    const signature = request.headers['x-twilio-signature'] ?? ''
    const { auth_token: token } = options
    expect(twilioSdk.validateRequest(token, signature, url, form)).toBe(true)
    const altered = { ...form, From: '+15550199' }
    expect(twilioSdk.validateRequest(token, signature, url, altered)).toBe(false)
    const body = Buffer.from(new URLSearchParams(altered).toString())
    expect(twilio.verify({ ...rawRequest(request), body }, options).ok).toBe(false)
  })

  test('is verified by its own helper when it is JSON, and refused without the digest', () => {
    const json = requestOf('twilio', 'verify.json-body')
    const signature = json.headers['x-twilio-signature'] ?? ''
    const text = Buffer.from(json.body).toString()
    const { auth_token: token } = options
    expect(twilioSdk.validateRequestWithBody(token, signature, json.url, text)).toBe(true)
    const body = Buffer.from(`${text} `)
    expect(twilio.verify({ ...json, body }, options).ok).toBe(false)
    const [url = ''] = json.url.split('?')
    expect(twilio.verify({ ...json, url }, options)).toMatchObject({ ok: false })
  })

  test('covers a repeated field, an empty one, and the default port', () => {
    const form = 'B=2&B=1&B=2&A=&CallSid=CA1'
    const url = 'https://bookend.example:443/platforms/twilio/main/pre-call'
    const params = { A: '', B: ['2', '1', '2'], CallSid: 'CA1' }
    const { auth_token: token } = options
    const signature = twilioSdk.getExpectedTwilioSignature(token, url, params)
    const headers = { ...voice.headers, 'x-twilio-signature': signature }
    const request = { ...voice, headers, body: Buffer.from(form) }
    expect(twilio.verify(request, options)).toEqual({ ok: true })
  })

  test('is not what a client says it is: forwarded headers change nothing (T1)', () => {
    const elsewhere = { ...options, public_base_url: 'https://elsewhere.example' }
    const headers = { ...voice.headers, 'x-forwarded-host': 'bookend.example' }
    expect(twilio.verify({ ...voice, headers }, elsewhere).ok).toBe(false)
  })

  test('covers the socket’s address when it is one', () => {
    const url = 'wss://bookend.example/platforms/twilio/main/relay'
    const signature = twilioSdk.getExpectedTwilioSignature(options.auth_token, url, {})
    const headers = { upgrade: 'websocket', 'x-twilio-signature': signature }
    const request = { ...voice, method: 'GET', headers, body: new Uint8Array() }
    const seen = 'http://10.0.0.5:8080/platforms/twilio/main/relay'
    expect(twilio.verify({ ...request, url: seen }, options)).toEqual({ ok: true })
    expect(twilio.verify({ ...request, url: `${seen}?x=1` }, options).ok).toBe(false)
  })

  test('with the other token holds while the first is rotated', () => {
    const rotated = { ...options, auth_token: 'new', secondary_auth_token: options.auth_token }
    expect(twilio.verify(voice, rotated)).toEqual({ ok: true })
  })
})

test('a keypad-spelt word is a withheld caller, whom no other shares an answer with', () => {
  const body = Buffer.from(
    'CallSid=CA1&From=%2B266696687&To=%2B15550123&StirVerstat=No-TN-Validation',
  )
  expect(twilio.readPreCall({ ...voice, body }, options)).toMatchObject({
    request: {
      call: { from_number: null, caller_verified: null },
      context: { from_raw: '+266696687' },
      memo_key: 'twilio:pre-call:CA1',
    },
  })
})

test('attestation B is not full attestation', () => {
  const body = Buffer.from('CallSid=CA1&StirVerstat=TN-Validation-Passed-B')
  expect(twilio.readPreCall({ ...voice, body }, options)).toMatchObject({
    request: { call: { caller_verified: false } },
  })
})

test('a parameter cannot leave its attribute, and what XML cannot hold is left out', () => {
  const request = loadFixture('twilio', 'pre-call.voice').expect?.request as never
  const parameters = { note: '"/><Dial>+15550199</Dial>\u0000\u000b\ud800', tab: 'a\tb\rc' }
  const result = { run_id: 'r1', outcome: { type: 'continue' } as const, parameters }
  const { body } = twilio.writePreCall(result, request, options)
  expect(body).toContain('value="&quot;/&gt;&lt;Dial&gt;+15550199&lt;/Dial&gt;"')
  expect(body).toContain('value="a&#9;b&#13;c"')
})

test('a leg that was dialled ends nothing', () => {
  const body = Buffer.from('CallSid=CA2&ParentCallSid=CA1&CallStatus=completed')
  expect(twilio.readEvents({ ...voice, door: 'events', body }, options)).toMatchObject({
    events: [],
    notes: [],
  })
})

test('a recording and who answered are kept, and start nothing', () => {
  const read = (text: string) =>
    twilio.readEvents({ ...voice, door: 'events', body: Buffer.from(text) }, options)
  expect(
    read('CallSid=CA1&RecordingSid=RE1&RecordingUrl=https%3A%2F%2Ff.example%2Fr'),
  ).toMatchObject({
    events: [],
    notes: [{ call: { recording_presigned_url: 'https://f.example/r' } }],
  })
  expect(read('CallSid=CA1&CallStatus=ringing&AnsweredBy=machine_start')).toMatchObject({
    notes: [{ call: { answered_by: 'voicemail' } }],
  })
})
