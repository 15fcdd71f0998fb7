import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RawRequest } from '../../adapter.ts'
import { sameBase64, sameHex, sameText } from './compare.ts'
import { findStaleness, unitOf } from './freshness.ts'
import { verificationProfile } from './profile.ts'
import { verifyProfile } from './verify-profile.ts'

const received_at = '2026-03-02T15:04:05.500Z'
const nowS = Math.floor(Date.parse(received_at) / 1_000)
const body = Buffer.from('{"é": 1}')

const accepts = (
  profile: object,
  headers: Record<string, string>,
  url = 'https://bookend.example/platforms/x/main/events',
) => {
  const request: RawRequest = { door: 'events', method: 'POST', url, headers, body, received_at }
  return verifyProfile(request, verificationProfile.parse(profile)).ok
}

describe('a bearer token', () => {
  const profile = { kind: 'bearer', token: 'a token' }

  test.each(['Bearer a token', 'bearer a token', 'BEARER   a token'])('is %j', (given) => {
    expect(accepts(profile, { AUTHORIZATION: given })).toBe(true)
  })

  test.each([
    'a token',
    'Bearer',
    'Bearer a',
    'Bearer a tokens',
    'Basic a token',
    'Bearer A token',
  ])('is not %j', (given) => {
    expect(accepts(profile, { authorization: given })).toBe(false)
  })
})

test('a secret stands in the header that was agreed on, and in no other', () => {
  const profile = { kind: 'header-secret', header: 'X-Our-Secret', secret: 's3cret' }
  expect(accepts(profile, { 'x-our-secret': 's3cret' })).toBe(true)
  expect(accepts(profile, { 'x-our-secret': 's3cre' })).toBe(false)
  expect(accepts(profile, { 'x-other-secret': 's3cret' })).toBe(false)
})

test('a user name and password are one pair', () => {
  const profile = { kind: 'basic', username: 'bookend', password: 'pä:ss' }
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
  expect(accepts(profile, { authorization: basic('bookend:pä:ss') })).toBe(true)
  expect(accepts(profile, { authorization: basic('bookend:') })).toBe(false)
  expect(accepts(profile, { authorization: 'Basic %%%' })).toBe(false)
})

test('a token in the address is its last part, and never one in the query', () => {
  const profile = { kind: 'path-token', token: 'tok-1' }
  const at = (path: string) => accepts(profile, {}, `https://b.example/events${path}`)
  expect([at('/tok-1'), at('/tok-1?x=/y'), at('/tok-1#z')]).toEqual([true, true, true])
  expect([at(''), at('/tok-1/'), at('/x?tok-1'), at('/x?/tok-1'), at('/tok-12')]).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})

describe('a keyed digest', () => {
  const base = { kind: 'hmac', secret: 'k' }
  const digest = (text: string, encoding: 'hex' | 'base64', algorithm = 'sha256') =>
    createHmac(algorithm, 'k').update(text).digest(encoding)
  const signed = `${String(nowS)}.${body.toString()}`

  test('is over time and body by default, in seconds or milliseconds', () => {
    const signature = digest(signed, 'hex')
    expect(accepts(base, { 'x-timestamp': String(nowS), 'x-signature': signature })).toBe(true)
    const ms = String(nowS * 1_000)
    const inMs = digest(`${ms}.${body.toString()}`, 'hex')
    expect(accepts(base, { 'x-timestamp': ms, 'x-signature': inMs })).toBe(true)
    expect(accepts(base, { 'x-timestamp': ms, 'x-signature': signature })).toBe(false)
    expect(accepts(base, { 'x-signature': digest(`.${body.toString()}`, 'hex') })).toBe(false)
  })

  test('may be of another form', () => {
    const profile = {
      ...base,
      signature_header: 'x-hub',
      timestamp_header: null,
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'sha512=',
      payload_format: 'v1:{body}:end',
    }
    const signature = digest(`v1:${body.toString()}:end`, 'base64', 'sha512')
    expect(accepts(profile, { 'x-hub': `sha512=${signature}` })).toBe(true)
    expect(accepts(profile, { 'x-hub': signature })).toBe(false)
    expect(accepts(profile, { 'x-hub': `sha512=${signature.slice(1)}` })).toBe(false)
  })

  test('that would not cover the body is no setting', () => {
    const unsafe = { ...base, payload_format: '{timestamp}' }
    expect(verificationProfile.safeParse(unsafe).success).toBe(false)
  })
})

describe('a time', () => {
  const at = new Date(nowS * 1_000).toISOString()
  const findS = (seconds: string) => findStaleness(seconds, 's', at, 300_000)

  test('is fresh up to the tolerance, either way, and to the very end of it', () => {
    expect([findS(String(nowS - 300)), findS(String(nowS + 300))]).toEqual([null, null])
    expect(findS(String(nowS - 301))).toMatch(/too old/)
    expect(findS(String(nowS + 301))).toMatch(/future/)
  })

  test('counts in milliseconds where it is given so', () => {
    const find = (ms: number) => findStaleness(String(ms), 'ms', at, 300_000)
    expect(find(nowS * 1_000 - 300_000)).toBeNull()
    expect(find(nowS * 1_000 - 300_001)).toMatch(/too old/)
    expect([unitOf('1772463845'), unitOf('1772463845000')]).toEqual(['s', 'ms'])
  })

  test.each(['', 'soon', 'NaN', '1e9', '-1', '1.5', ' 1', '0x1', '9'.repeat(20)])(
    'is not %j',
    (given) => {
      expect(findS(given)).toMatch(/whole number/)
    },
  )

  test('is judged by the time of receipt, and an unknown one judges nothing fresh', () => {
    expect(findStaleness(String(nowS), 's', 'yesterday', 300_000)).toMatch(/unknown/)
  })
})

test('comparisons take anything and need all of it', () => {
  const digest = Buffer.from('0a0b', 'hex')
  expect([sameHex('0a0b', digest), sameHex('0A0B', digest)]).toEqual([true, true])
  expect([sameHex('0a', digest), sameHex('0a0z', digest), sameHex('', digest)]).toEqual([
    false,
    false,
    false,
  ])
  expect([
    sameBase64('Cgs=', digest),
    sameBase64('Cgs', digest),
    sameBase64('C*s=', digest),
  ]).toEqual([true, false, false])
  expect([sameText('é', 'é'), sameText('é', 'e'), sameText('', 'e')]).toEqual([true, false, false])
})
