import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { createSigningSecret, findSignatureFault, signMessage } from './signature.ts'

const SECRET = 'whsec_0z2E3fQhcEBQg0hlu/tKl1ILNrVQjjth'
const sentAt = new Date('2026-03-02T15:05:15.000Z')
const body =
  '{"event_type":"call.completed","event_id":"evt_bk_0001","payload":{"call_id":"bk_call_0001","attempt":1}}'
const message = { id: 'evt_bk_0001', sentAt, body }
const signed = signMessage([SECRET], message)
const faultOf = (headers: Record<string, string>, text = body, at = sentAt, secrets = [SECRET]) =>
  findSignatureFault(secrets, headers, text, at)

describe('signing a message', () => {
  test('gives the documented headers', () => {
    expect(signed).toEqual({
      'webhook-id': 'evt_bk_0001',
      'webhook-timestamp': '1772463915',
      'webhook-signature': 'v1,cQug5Sv80Z334zlyfH2UYD0qh6xV3s5PKgh+pgk/SxE=',
    })
  })

  test('is accepted by the Standard Webhooks library, for any body', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const secret = createSigningSecret()
        const headers = signMessage([secret], { id: 'evt_1', sentAt: new Date(), body: text })
        expect(() => new Webhook(secret).verify(text, { ...headers })).not.toThrow()
      }),
      { numRuns: 50 },
    )
  })

  test('carries both signatures during a rotation', () => {
    const fresh = createSigningSecret()
    const headers = { ...signMessage([fresh, SECRET], message) }
    expect(faultOf(headers)).toBeNull()
    expect(faultOf(headers, body, sentAt, [fresh])).toBeNull()
  })

  test('refuses an id that could move the border between id and body (C3)', () => {
    expect(() => signMessage([SECRET], { ...message, id: 'msg_1.1772463915' })).toThrow(RangeError)
  })
})

describe('checking a signature', () => {
  test('accepts what it signed, up to five minutes old or ahead', () => {
    for (const offsetS of [-300, 0, 300]) {
      const at = new Date(sentAt.getTime() + offsetS * 1_000)
      expect(faultOf({ ...signed }, body, at)).toBeNull()
    }
  })

  test.each([-301, 301])('refuses it at %i s (C2)', (offsetS) => {
    expect(faultOf({ ...signed }, body, new Date(sentAt.getTime() + offsetS * 1_000))).toBe('stale')
  })

  test('refuses another body, another secret and a cut signature (C1, C5)', () => {
    expect(faultOf({ ...signed }, `${body} `)).toBe('mismatch')
    expect(faultOf({ ...signed }, body, sentAt, [createSigningSecret()])).toBe('mismatch')
    expect(faultOf({ ...signed, 'webhook-signature': 'v1,cQug5Sv8' })).toBe('mismatch')
    expect(faultOf({ ...signed, 'webhook-signature': '' })).toBe('mismatch')
  })

  test.each([
    ['webhook-id', 'evt.1'],
    ['webhook-id', ''],
    ['webhook-timestamp', '1772463915abc'],
    ['webhook-timestamp', '01772463915'],
    ['webhook-signature', Array.from({ length: 2_000 }, () => 'v1,x').join(' ')],
  ])('refuses a malformed %s (C3)', (name, value) => {
    expect(faultOf({ ...signed, [name]: value })).toBe('malformed')
  })

  test('does not let the sender choose the algorithm (C4)', () => {
    const renamed = signed['webhook-signature'].replace('v1,', 'v1a,')
    expect(faultOf({ ...signed, 'webhook-signature': renamed })).toBe('mismatch')
  })
})
