import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { receipts } from './receipts.ts'
import { SendgridSettings } from './schema.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const eventKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const settings = SendgridSettings.parse({ from: 'care@example.com', event_key: eventKey })
const auth = { api_key: 'SG.canary-key' }
const key = 'bk_abcdefghijklmnopqrstuvwxyz234567'

function told(events: unknown, timestamp = '1772463845') {
  const body = Buffer.from(typeof events === 'string' ? events : JSON.stringify(events))
  const signed = Buffer.concat([Buffer.from(timestamp), body])
  return {
    url: '/receipts/sendgrid/care',
    headers: {
      'x-twilio-email-event-webhook-signature': sign('sha256', signed, privateKey).toString(
        'base64',
      ),
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
    body,
    receivedAt: new Date(),
  }
}

const processed = {
  email: 'ada@example.com',
  event: 'processed',
  timestamp: 1_772_463_845,
  sg_event_id: 'event-1',
  sg_message_id: 'message-1.recvd',
  bookend_key: key,
}

describe('the events of SendGrid', () => {
  test('that are of a key are receipts, without whom they were sent to (E2)', () => {
    const events = [
      processed,
      { ...processed, event: 'bounce', sg_event_id: 'event-2', reason: 'no such ada@example.com' },
    ]
    const reading = receipts.read(told(events), settings, auth)
    const toldAt = new Date('2026-03-02T15:04:05Z')
    const first = { key, id: 'event-1', status: 'processed', reference: 'message-1.recvd', toldAt }
    expect(reading).toEqual({
      ok: true,
      receipts: [first, { ...first, id: 'event-2', status: 'bounce' }],
    })
    expect(JSON.stringify(reading)).not.toContain('ada@')
  })

  test('that are of no key, or of what a reader did, are left out (E3)', () => {
    const { bookend_key: _, ...foreign } = processed
    const opened = { ...processed, event: 'open' }
    expect(receipts.read(told([foreign, opened, null, 'x']), settings, auth)).toEqual({
      ok: true,
      receipts: [],
    })
  })

  test.each([
    ['other bytes', { ...told([processed]), body: Buffer.from('[]') }],
    [
      'another time',
      {
        ...told([processed]),
        headers: { ...told([processed]).headers, 'x-twilio-email-event-webhook-timestamp': '1' },
      },
    ],
    ['no signature', { ...told([processed]), headers: {} }],
    ['a list that is none', told({})],
    ['what is no JSON', told('[')],
  ])('are refused with %s (E1)', (_, request) => {
    expect(receipts.read(request, settings, auth)).toMatchObject({ ok: false })
  })

  test('need a key of an elliptic curve', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    const other = rsa.export({ format: 'der', type: 'spki' }).toString('base64')
    for (const wrong of ['', 'abc', other]) {
      expect(SendgridSettings.safeParse({ from: 'a@example.com', event_key: wrong }).success).toBe(
        false,
      )
    }
    const without = SendgridSettings.parse({ from: 'a@example.com' })
    expect(receipts.isSetUp(without, auth)).toBe(false)
    expect(receipts.read(told([processed]), without, auth)).toMatchObject({ ok: false })
  })
})
