import { describe, expect, test } from 'vitest'
import { findConfiguredHeaderProblem, findHeaderProblem } from './header-rule.ts'

describe('a header that may be sent', () => {
  test('is a token and printable ASCII', () => {
    expect(findHeaderProblem({ Authorization: 'Bearer a b', 'X-Empty': '', 'x-1': '~' })).toBeNull()
  })

  test.each([
    ['CR and LF', 'a\r\nX: y'],
    ['a bare CR', 'a\rb'],
    ['a bare LF', 'a\nb'],
    ['NUL', 'a\u0000b'],
    ['a tab', 'a\tb'],
    ['non-Latin text', 'Grüße'],
    ['an emoji', '🙂'],
    ['DEL', '\u007f'],
  ])('has no %s in its value (A15)', (_name, value) => {
    expect(findHeaderProblem({ 'x-note': value })).toEqual({
      header: 'x-note',
      reason: 'must be printable ASCII',
    })
  })

  test.each(['', 'a b', 'x:', 'x\r\ny', 'naïve', 'a\u0000'])(
    'has a name that is one (A15): %j',
    (name) => {
      expect(findHeaderProblem({ [name]: 'a' })?.reason).toBe('is not a header name')
    },
  )

  test.each([
    'Host',
    'Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Content-Length',
    'Upgrade',
    'Proxy-Authorization',
    'proxy-connection',
    'Keep-Alive',
    'Expect',
    'Accept-Encoding',
  ])('leaves framing to the client (A16): %s', (name) => {
    expect(findHeaderProblem({ [name]: 'a' })?.reason).toBe('is set by Bookend')
    expect(findConfiguredHeaderProblem({ [name]: 'a' })?.reason).toBe('is set by Bookend')
  })

  test.each(['webhook-id', 'Webhook-Signature', 'svix-id', 'SVIX-Timestamp'])(
    'signs a delivery only if Bookend set it (A16): %s',
    (name) => {
      expect(findConfiguredHeaderProblem({ [name]: 'a' })?.reason).toBe('is set by Bookend')
      expect(findHeaderProblem({ [name]: 'a' })).toBeNull()
    },
  )

  test('is there once, whatever the case', () => {
    expect(findHeaderProblem({ authorization: 'a', Authorization: 'b' })).toEqual({
      header: 'Authorization',
      reason: 'is there twice',
    })
  })

  test('is at most 8 KiB', () => {
    expect(findHeaderProblem({ a: 'x'.repeat(8_192) })).toBeNull()
    expect(findHeaderProblem({ a: 'x'.repeat(8_193) })).not.toBeNull()
  })
})
