import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { describe, expect, test } from 'vitest'
import { receipts } from './receipts.ts'
import { TwilioAuth, TwilioSettings } from './schema.ts'

const token = 'canary-token-of-twilio'
const callback = 'https://bookend.example:8443/receipts/twilio/main?site=1'
const account = `AC${'1'.repeat(32)}`
const sid = `SM${'a'.repeat(32)}`
const key = 'bk_abcdefghijklmnopqrstuvwxyz234567'
const settings = TwilioSettings.parse({ account_sid: account, status_callback: callback })
const auth = TwilioAuth.parse({ kind: 'token', auth_token: token })

const sent = { MessageSid: sid, MessageStatus: 'sent', To: '+14155550100', Body: 'a b&c=ü' }

/** As Twilio's own client signs it, for the address that was asked for. */
function told(form: Readonly<Record<string, string>>, { k = key, signed = form } = {}) {
  const signature = getExpectedTwilioSignature(token, `${callback}&k=${k}`, { ...signed })
  return {
    // A proxy in between may take it from another host, and from another port.
    url: `/receipts/twilio/main?site=1&k=${k}`,
    headers: { 'x-twilio-signature': signature },
    body: Buffer.from(new URLSearchParams(form).toString()),
    receivedAt: new Date(),
  }
}

describe('what Twilio tells', () => {
  test('of a message is a receipt of its key, the same when it is told again', () => {
    const reading = receipts.read(told(sent), settings, auth)
    const one = { key, id: `${sid}:sent`, status: 'sent', reference: sid, toldAt: null }
    expect(reading).toEqual({ ok: true, receipts: [one] })
  })

  test('of a call has its time', () => {
    const call = {
      CallSid: `CA${'b'.repeat(32)}`,
      CallStatus: 'initiated',
      Timestamp: 'Mon, 02 Mar 2026 15:04:05 +0000',
    }
    const reading = receipts.read(told(call), settings, auth)
    expect(reading).toMatchObject({
      ok: true,
      receipts: [{ status: 'initiated', toldAt: new Date('2026-03-02T15:04:05Z') }],
    })
  })

  test('of what has no state is taken, and is nothing', () => {
    expect(receipts.read(told({ MessageSid: sid }), settings, auth)).toEqual({
      ok: true,
      receipts: [],
    })
  })
})

describe('what somebody else tells', () => {
  const refused = { ok: false, why: 'wrong signature' }

  test.each([
    ['a field that was changed', told({ ...sent, MessageStatus: 'failed' }, { signed: sent })],
    ['a field that was added', told({ ...sent, More: '1' }, { signed: sent })],
    ['another key', { ...told(sent), url: told(sent, { k: 'bk_other' }).url }],
    ['no signature', { ...told(sent), headers: {} }],
  ])('is refused: %s', (_, request) => {
    expect(receipts.read(request, settings, auth)).toEqual(refused)
  })

  test('is refused without a key, and by a connection that knows no token', () => {
    const bare = { ...told(sent), url: '/receipts/twilio/main' }
    expect(receipts.read(bare, settings, auth)).toMatchObject({ ok: false })
    const byKey = TwilioAuth.parse({ kind: 'key', key_sid: `SK${'3'.repeat(32)}`, secret: token })
    expect(receipts.read(told(sent), settings, byKey)).toMatchObject({ ok: false })
  })
})

test('a connection waits for receipts that come here, and can be verified', () => {
  const byKey = {
    kind: 'key',
    key_sid: `SK${'3'.repeat(32)}`,
    secret: 'secret-of-the-key',
  } as const
  const elsewhere = { ...settings, status_callback: 'https://other.example/fate' }
  expect(receipts.isSetUp(settings, auth)).toBe(true)
  expect(receipts.isSetUp(settings, { ...byKey, auth_token: token })).toBe(true)
  expect(receipts.isSetUp(settings, byKey)).toBe(false)
  expect(receipts.isSetUp(elsewhere, auth)).toBe(false)
})
