import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSensitiveName, REDACTED, redact } from './redact.ts'

const wordsOf = (text: string): string[] => text.trim().split(/\s+/)
const SENSITIVE = wordsOf(`
  password new_password userPassword PASSWORD passwd db-pwd passphrase
  token access_token accesstoken X-Auth-Token refreshToken idToken
  secret client_secret clientSecret Authorization proxy-authorization
  api_key apiKey apikey X-API-Key private_key privateKey accessKey
  card card_number cardNumber creditcard cvv CVC ssn customer_ssn set-cookie Cookie credentials`)
const PLAIN = wordsOf(`
  name key secretary discard cardiology broken phone keyboard author
  tokenized_at subject passport_country __proto__ constructor toString`)

describe('a name', () => {
  test.each(SENSITIVE)('%s is sensitive', (name) => expect(isSensitiveName(name)).toBe(true))
  test.each(PLAIN)('"%s" is not', (name) => expect(isSensitiveName(name)).toBe(false))

  test('of tokens is one of credentials, unless it counts them', () => {
    expect(redact({ token: 'abc', max_tokens: 40, tokens: ['a'] })).toEqual({
      token: REDACTED,
      max_tokens: 40,
      tokens: REDACTED,
    })
  })
})

describe('what is kept of a step', () => {
  test('has no credential, whatever its shape (V1)', () => {
    const input = {
      headers: { Authorization: 'Bearer abc', accept: 'application/json' },
      fields: [
        { name: 'password', value: 'hunter2' },
        { name: 'city', value: 'Oslo' },
      ],
      card: { number: 4_242, expires: '12/29' },
      cvv: 123,
      user: [[{ api_key: ['k1', 'k2'] }]],
    }
    const before = structuredClone(input)
    expect(redact(input)).toEqual({
      headers: { Authorization: REDACTED, accept: 'application/json' },
      fields: [
        { name: 'password', value: REDACTED },
        { name: 'city', value: 'Oslo' },
      ],
      card: REDACTED,
      cvv: REDACTED,
      user: [[{ api_key: REDACTED }]],
    })
    expect(input).toEqual(before)
  })

  test('says still whether there was one', () => {
    const flags = { password: null, token: '', secret: false, card: true }
    expect(redact(flags)).toBe(flags)
  })

  test('looks inside what writes itself as JSON', () => {
    const at = new Date('2026-03-02T15:04:05.000Z')
    expect(redact({ at, sealed: { toJSON: () => ({ secret: 'x' }) } })).toEqual({
      at: at.toISOString(),
      sealed: { secret: REDACTED },
    })
  })

  test('ends, however deep or round it is (V3)', () => {
    const round: Record<string, unknown> = {}
    round['self'] = round
    expect(JSON.stringify(redact(round))).toContain('not kept')
    let deep: unknown = { password: 'hunter2' }
    for (let level = 0; level < 50_000; level += 1) deep = [deep]
    expect(JSON.stringify(redact(deep))).not.toContain('hunter2')
  })
})

const MARK = 'c0ffee-credential'
const sensitive = fc.constantFrom(...SENSITIVE)
const json = fc.jsonValue({ maxDepth: 4 })

/** Any document, with the mark under a sensitive name somewhere inside. */
const marked = fc
  .tuple(
    sensitive,
    fc.array(fc.oneof(fc.constant(null), fc.string({ maxLength: 8 })), { maxLength: 40 }),
    json,
  )
  .map(([name, path, other]) =>
    path.reduce<unknown>(
      (inner, key) => (key === null ? [other, inner] : { [`k${key}`]: inner, other }),
      { [name]: { deep: [MARK] } },
    ),
  )

test('a value under a sensitive name leaves no trace, at any depth (V1)', () => {
  fc.assert(
    fc.property(marked, (value) => {
      expect(JSON.stringify(redact(value))).not.toContain(MARK)
    }),
  )
})

test('redacting twice is redacting once, and keeps what is plain (V2)', () => {
  fc.assert(
    fc.property(json, (value) => {
      const once = redact(value)
      expect(redact(once)).toEqual(once)
    }),
  )
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  const plain = fc.dictionary(fc.constantFrom('name', 'phone', 'seconds'), fc.array(scalar))
  fc.assert(
    fc.property(plain, (value) => {
      expect(redact(value)).toBe(value)
    }),
  )
})
