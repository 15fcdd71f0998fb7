import { createHmac } from 'node:crypto'
import { Resend } from 'resend'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { receipts } from './receipts.ts'
import { ResendAuth, ResendSettings } from './schema.ts'

const bytes = Buffer.from('canary-secret-of-the-webhook')
const secret = `whsec_${bytes.toString('base64')}`
const settings = ResendSettings.parse({ from: 'care@example.com' })
const auth = ResendAuth.parse({ api_key: 're_canary_key', webhook_secret: secret })
const key = 'bk_abcdefghijklmnopqrstuvwxyz234567'
const receivedAt = new Date('2026-03-02T15:04:05Z')

function told(event: object, sentAt = receivedAt) {
  const body = JSON.stringify(event)
  const timestamp = String(sentAt.getTime() / 1_000)
  const signed = createHmac('sha256', bytes).update(`msg_1.${timestamp}.${body}`)
  return {
    url: '/receipts/resend/care',
    headers: {
      'svix-id': 'msg_1',
      'svix-timestamp': timestamp,
      'svix-signature': `v1,${signed.digest('base64')}`,
    },
    body: Buffer.from(body),
    receivedAt,
  }
}

const delivered = {
  type: 'email.delivered',
  created_at: '2026-03-02T15:04:04.000Z',
  data: { email_id: 'email-1', to: ['ada@example.com'], tags: { bookend_key: key } },
}

afterEach(() => void vi.useRealTimers())

describe('the events of Resend', () => {
  test.each([
    ['an object', { bookend_key: key }],
    ['a list', [{ name: 'bookend_key', value: key }]],
  ])('that have the key in %s of tags are receipts, without whom they were sent to', (_, tags) => {
    const reading = receipts.read(
      told({ ...delivered, data: { ...delivered.data, tags } }),
      settings,
      auth,
    )
    expect(reading).toEqual({
      ok: true,
      receipts: [
        {
          key,
          id: 'msg_1',
          status: 'delivered',
          reference: 'email-1',
          toldAt: new Date('2026-03-02T15:04:04Z'),
        },
      ],
    })
  })

  test('are signed as its own client has it', () => {
    vi.useFakeTimers({ now: receivedAt })
    const { headers, body } = told(delivered)
    const verified = new Resend('re_canary_key').webhooks.verify({
      payload: body.toString(),
      headers: {
        id: headers['svix-id'],
        timestamp: headers['svix-timestamp'],
        signature: headers['svix-signature'],
      },
      webhookSecret: secret,
    })
    expect(verified).toMatchObject({ type: 'email.delivered' })
  })

  test.each([
    { ...delivered, type: 'email.opened' },
    { ...delivered, type: 'contact.created' },
    { ...delivered, data: { ...delivered.data, tags: {} } },
  ])('that say nothing of an effect are left out', (event) => {
    expect(receipts.read(told(event), settings, auth)).toEqual({ ok: true, receipts: [] })
  })

  test.each([
    ['other bytes', { ...told(delivered), body: Buffer.from('{}') }],
    ['an age of six minutes', told(delivered, new Date(receivedAt.getTime() - 360_000))],
    ['no signature', { ...told(delivered), headers: {} }],
  ])('are refused with %s', (_, request) => {
    expect(receipts.read(request, settings, auth)).toMatchObject({ ok: false })
  })

  test('are refused without a secret', () => {
    const bare = ResendAuth.parse({ api_key: 're_canary_key' })
    expect(receipts.isSetUp(settings, bare)).toBe(false)
    expect(receipts.read(told(delivered), settings, bare)).toMatchObject({ ok: false })
  })
})
