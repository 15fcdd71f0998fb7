import { escapeHtml } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { classifySmtp } from './classify.ts'
import { EmailInput } from '../email-input.ts'
import { SmtpSettings } from './schema.ts'

const mail = { to: ['b@example.com'], subject: 'Hi', text: 'x' }

describe('what an email may hold', () => {
  test.each([
    'b@y.com\r\nBcc: evil@z.com',
    'b@y.com,c@z.com',
    'B <b@y.com>',
    'b',
    '"a b"@y.com',
    'a..b@y.com',
    '.a@y.com',
    'a.@y.com',
  ])('is not the address %j (M1, D8)', (address) => {
    expect(EmailInput.safeParse({ ...mail, to: [address] }).success).toBe(false)
    expect(EmailInput.safeParse({ ...mail, reply_to: address }).success).toBe(false)
    expect(EmailInput.safeParse({ ...mail, unsubscribe: { mailto: address } }).success).toBe(false)
  })

  test.each(Object.entries(hostileTexts))('as an address is not %s (K10)', (_name, text) =>
    expect(EmailInput.safeParse({ ...mail, to: [text] }).success).toBe(false),
  )

  test.each(['a\r\nb', 'a\nb', 'a\0b'])('is no second line in a subject: %j (M1)', (subject) =>
    expect(EmailInput.safeParse({ ...mail, subject }).success).toBe(false),
  )

  test.each(['http://example.com', 'https://example.com/>,<mailto:x@y.z', 'javascript:1'])(
    'is no way to unsubscribe by %s',
    (url) => expect(EmailInput.safeParse({ ...mail, unsubscribe: { url } }).success).toBe(false),
  )
})

test.each([
  ['127.0.0.1', true],
  ['localhost', true],
  ['mailpit', true],
  ['10.1.2.3', true],
  ['smtp.example.com', false],
  ['8.8.8.8', false],
])('without TLS, a relay at %s: %s', (host, isAllowed) => {
  const settings = { host, security: 'none', from: 'a@example.com' }
  expect(SmtpSettings.safeParse(settings).success).toBe(isAllowed)
})

test.each([
  [{ responseCode: 451 }, true, 'retry'],
  [{ responseCode: 550 }, false, 'refused'],
  [{ responseCode: 534 }, false, 'auth'],
  [{ code: 'ECONNECTION' }, false, 'retry'],
  [{ code: 'ECONNECTION' }, true, 'unknown'],
  [{ code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, false, 'refused'],
])('%j, body asked %s, is %s (M2)', (error, isBodyAsked, kind) => {
  expect(classifySmtp(error, isBodyAsked).kind).toBe(kind)
})

test('escapes HTML', () =>
  expect(escapeHtml(`<a b="'">&`)).toBe('&lt;a b=&quot;&#39;&quot;&gt;&amp;'))
