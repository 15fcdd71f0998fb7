import { describe, expect, test } from 'vitest'
import { refuseMetrics } from './metrics-access.ts'

const TOKEN = 'scraper-of-the-house'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('the figures of an installation, with a token set (E16)', () => {
  test('are for who sends it, from wherever', () => {
    expect(refuseMetrics(TOKEN, bearer(TOKEN), '203.0.113.9')).toBeNull()
  })

  test.each([{}, bearer(''), bearer('scraper-of-the-hous'), bearer(`${TOKEN}x`)])(
    'are for nobody else, on this machine either: %j',
    (headers) => {
      expect(refuseMetrics(TOKEN, headers, '127.0.0.1')).toMatchObject({ code: 'unauthenticated' })
    },
  )
})

describe('the figures of an installation, without a token (E16)', () => {
  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('are for %s', (peer) => {
    expect(refuseMetrics(null, {}, peer)).toBeNull()
  })

  test.each(['203.0.113.9', '10.0.0.8', '::ffff:10.0.0.8', 'fe80::1', '127.evil', undefined])(
    'are not for %s',
    (peer) => {
      expect(refuseMetrics(null, {}, peer)).toMatchObject({ code: 'forbidden' })
    },
  )

  test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])(
    'are not for what a proxy on this machine passes on (%s)',
    (name) => {
      expect(refuseMetrics(null, { [name]: '127.0.0.1' }, '127.0.0.1')).toMatchObject({
        code: 'forbidden',
      })
    },
  )
})
