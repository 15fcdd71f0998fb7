import { createHash, createHmac } from 'node:crypto'
import { WebhookReceiver } from 'livekit-server-sdk'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { adapterConformance } from '../testing/conformance.ts'
import { loadFixture, loadFixtures, rawRequest, requestOf } from '../testing/fixture.ts'
import { liveKit } from './index.ts'

adapterConformance(liveKit, {
  signsBody: ['events'],
  timed: {},
  unheardOf: {
    body: '{"event":"room_dreamt","room":{"sid":"RM_1"}}',
    contentType: 'application/webhook+json',
  },
})

const fixture = loadFixture('livekit', 'event.room_finished')
const options = liveKit.options.parse(fixture.options)
const raw = requestOf('livekit', 'event.room_finished')

describe('what LiveKit signs', () => {
  const samples = loadFixtures('livekit').flatMap(({ name, request }) =>
    request?.headers['content-type']?.includes('webhook') === true
      ? [{ name, sample: rawRequest(request) }]
      : [],
  )

  test.each(samples)('is verified by its own helper: $name', async ({ sample }) => {
    vi.useFakeTimers({ now: Date.parse(sample.received_at) })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const receiver = new WebhookReceiver(options.api_key, options.api_secret)
    const text = Buffer.from(sample.body).toString()
    const token = sample.headers['authorization'] ?? ''
    expect((await receiver.receive(text, token)).event).not.toBe('')
    await expect(receiver.receive(`${text} `, token)).rejects.toThrow(/sha256|checksum/i)
  })

  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.parse(raw.received_at) / 1_000)
  const sha256 = createHash('sha256').update(raw.body).digest('base64')
  const whole = { iss: options.api_key, nbf: now, exp: now + 300, sha256 }
  const accepts = (claims: object, header: object = { alg: 'HS256' }, prefix = '') => {
    const head = `${encode(header)}.${encode(claims)}`
    const signature = createHmac('sha256', options.api_secret).update(head).digest('base64url')
    const headers = { ...raw.headers, authorization: `${prefix}${head}.${signature}` }
    return liveKit.verify({ ...raw, headers }, options).ok
  }

  test('holds with the word Bearer before it, and within ten seconds of its times', () => {
    expect(accepts(whole)).toBe(true)
    expect(accepts(whole, { alg: 'HS256' }, 'Bearer ')).toBe(true)
    expect(accepts({ ...whole, exp: now - 9, nbf: now + 10 })).toBe(true)
  })

  test('is refused once expired, too early, or by another key (L2)', () => {
    expect(accepts({ ...whole, exp: now - 11 })).toBe(false)
    expect(accepts({ ...whole, nbf: now + 11 })).toBe(false)
    expect(accepts({ ...whole, iss: 'APIother' })).toBe(false)
  })

  test('is refused when anything that it must say is not said (L2)', () => {
    const { sha256: _digest, ...accessToken } = whole
    const { exp: _exp, ...endless } = whole
    expect([accepts(accessToken), accepts(endless)]).toEqual([false, false])
  })

  test.each([{ alg: 'none' }, { alg: 'HS512' }, { alg: 'hs256' }, {}])(
    'is refused with %j in its head, though its signature holds (L1)',
    (header) => {
      expect(accepts(whole, header)).toBe(false)
    },
  )

  test('is refused unsigned', () => {
    const authorization = `${encode({ alg: 'none' })}.${encode(whole)}.`
    expect(liveKit.verify({ ...raw, headers: { authorization } }, options).ok).toBe(false)
  })
})

test('an agent’s own post is refused while no secret for it is configured', () => {
  const posted = requestOf('livekit', 'event.agent-posted-transcript')
  const { event_secret: _, ...without } = options
  expect(liveKit.verify(posted, options).ok).toBe(true)
  expect(liveKit.verify(posted, without)).toMatchObject({ ok: false })
})

test('a recording is kept with its call, and a caller who left only arms the wait', () => {
  const notesOf = (name: string) => liveKit.readEvents(requestOf('livekit', name), options)
  expect(notesOf('event.egress_ended.ignored')).toMatchObject({
    notes: [
      { ends: false, call: { recording_presigned_url: 'https://files.example/livekit/x1.ogg' } },
    ],
  })
  expect(notesOf('event.participant_left.sip')).toMatchObject({
    notes: [{ ends: true, call: { ended_reason: 'CLIENT_INITIATED' } }],
  })
})

test('a call that was placed has the far end as its target', () => {
  const body = Buffer.from(
    JSON.stringify({
      event: 'participant_joined',
      id: 'EV_1',
      room: { sid: 'RM_1' },
      participant: {
        kind: 3,
        attributes: {
          'sip.callDirection': 'outbound',
          'sip.phoneNumber': '+447700900142',
          'sip.trunkPhoneNumber': '+15550123',
        },
      },
    }),
  )
  expect(liveKit.readEvents({ ...raw, body }, options)).toMatchObject({
    events: [{ payload: { call: { from_number: '+15550123', direction: 'outbound' } } }],
  })
})
