import { describe, expect, test } from 'vitest'
import { scrubText } from './scrub.ts'

describe('a text in a log (E8)', () => {
  test.each([
    ['a URL', 'GET https://ada:pw123@crm.example.com/v1/a?api_key=k4711&x=1 failed'],
    ['a database', 'connect postgres://bookend:s3cr3t-pw@db.internal:5432/x?password=s3cr3t'],
    ['a bearer token', 'sent Authorization: Bearer abcdef.ghijkl-4711'],
    ['basic credentials', 'authorization: Basic YWRhOnMzY3IzdA=='],
    ['a key of ours', 'key bk_abcdefghijkl_4711474747474747474747474747474747474747474 is gone'],
    ['a signing secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['a token of a workflow', 'wt_4711abcdefghijklmnop'],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.abc'],
    ['a password in a field', '{"password":"s3cr3t","user":"x"} client_secret=s3cr3t4711'],
    ['a phone number', 'the caller +1 (415) 555-0100 hung up, and +442079460958 too'],
    ['a card', 'card 4242 4242 4242 4242 was declined'],
  ])('holds no %s', (_what, text) => {
    const secrets = /pw123|k4711|s3cr3t|abcdef\.|YWRh|4711|MfKQ|eyJ|415|2079460958|4242/
    expect(text).toMatch(secrets)
    expect(scrubText(text)).not.toMatch(secrets)
  })

  test.each([
    'duplicate key value violates unique constraint "calls_pkey"',
    'GET https://crm.example.com:8443/v1/contacts failed with 503 after 1200 ms',
    'run 01990000-0000-7000-8000-000000000000 at 2026-03-02T15:04:05.000Z',
    'order 1234567890123456 was not found',
    'connect ECONNREFUSED 10.0.0.5:5432',
    'the token has expired',
  ])('stays as it is without one: %s', (text) => {
    expect(scrubText(text)).toBe(text)
  })

  test('of any length takes no time, and is cut', () => {
    const startedAt = performance.now()
    for (const piece of ['a://', 'password', '+1 ', 'bearer ', '4'.repeat(50), ': ']) {
      expect(scrubText(piece.repeat(100_000)).length).toBeLessThanOrEqual(8_000)
    }
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})
