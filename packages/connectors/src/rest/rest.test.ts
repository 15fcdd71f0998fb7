import { ConnectorFault } from '@bookend/core'
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { collectPages } from './pages.ts'
import { parseJson } from './parse-json.ts'
import { renderUrl } from './render-url.ts'
import { signJwt } from './sign-jwt.ts'
import { TokenCache, readTokenAnswer } from './token-cache.ts'

describe('a URL', () => {
  test('never leaves its base (D7)', () => {
    expect(renderUrl('https://a.example/v1/', ['x/../y', 'é?#'], { q: 'a&b', no: undefined })).toBe(
      'https://a.example/v1/x%2F..%2Fy/%C3%A9%3F%23?q=a%26b',
    )
  })

  test.each(['', '.', '..'])('has no segment %j (D7)', (segment) =>
    expect(() => renderUrl('https://a.example', [segment])).toThrow(RangeError),
  )
})

describe('JSON of another system', () => {
  const parse = (text: string) => parseJson(Buffer.from(text))

  test('keeps an id that a number cannot hold, as text', () => {
    const text =
      '{"id":12345678901234567890,"n":1.5,"t":"12345678901234567890","ok":1234567890123456}'
    expect(parse(text)).toEqual({
      ok: true,
      value: {
        id: '12345678901234567890',
        n: 1.5,
        t: '12345678901234567890',
        ok: 1_234_567_890_123_456,
      },
    })
  })

  test('inside a text is a text', () =>
    expect(parse('{"a":"\\"id\\":12345678901234567890,"}')).toEqual({
      ok: true,
      value: { a: '"id":12345678901234567890,' },
    }))

  test.each(['{', '{"__proto__":1}', '['.repeat(17) + ']'.repeat(17), '\ud800'])(
    'is not %j (K8)',
    (text) => expect(parse(text)).toEqual({ ok: false }),
  )
})

describe('pages', () => {
  const page = (next: string | null) => Promise.resolve({ items: [1, 2], next })

  test('are read to their end', async () => {
    const read = (cursor: string | null) => page(cursor === null ? 'a' : null)
    expect(await collectPages(read, { itemsMax: 10 })).toEqual({
      items: [1, 2, 1, 2],
      isCut: false,
    })
  })

  test('end, whatever the system says is still to come (G1, G2)', async () => {
    let asked = 0
    const endless = () => page(String((asked += 1)))
    expect(await collectPages(endless, { itemsMax: 1_000, pagesMax: 3 })).toMatchObject({
      isCut: true,
    })
    expect(asked).toBe(3)
    expect(await collectPages(endless, { itemsMax: 3 })).toEqual({ items: [1, 2, 1], isCut: true })
    const circle = () => page('same')
    expect((await collectPages(circle, { itemsMax: 1_000 })).items).toHaveLength(4)
  })
})

describe('a token', () => {
  const at = (ms: number) => () => new Date(ms)
  const token = (value: string) => ({ value, expiresInMs: 120_000 })

  test('is fetched again a minute before its end, and when it was refused (K3)', async () => {
    const cache = new TokenCache()
    let fetched = 0
    const fetch = () => Promise.resolve(token(`t${(fetched += 1)}`))
    expect((await cache.get({ now: at(0), fetch })).value).toBe('t1')
    expect((await cache.get({ now: at(59_999), fetch })).value).toBe('t1')
    expect((await cache.get({ now: at(60_000), fetch })).value).toBe('t2')
    expect((await cache.get({ now: at(60_000), fetch, isRefused: true })).value).toBe('t3')
  })

  test('that one did not get is fetched by the next who waits (K1, K2)', async () => {
    const cache = new TokenCache()
    const fail = () => Promise.reject(new ConnectorFault({ kind: 'retry', detail: 'timeout' }))
    const first = cache.get({ now: at(0), fetch: fail })
    const second = cache.get({ now: at(0), fetch: () => Promise.resolve(token('own')) })
    await expect(first).rejects.toThrow('timeout')
    expect((await second).value).toBe('own')
  })

  test.each([{}, { access_token: '' }, { access_token: 7 }, null])('is not in %j', (body) =>
    expect(() => readTokenAnswer(body)).toThrow('no_token_in_answer'),
  )
})

describe('a JWT', () => {
  test('is signed by its key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const jwt = signJwt({ claims: { iss: 'me' }, privateKey: pem.replaceAll('\n', '\\n') })
    const [head = '', body = '', signature = ''] = jwt.split('.')
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toEqual({ iss: 'me' })
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
    const bytes = Buffer.from(signature, 'base64url')
    expect(verify('sha256', Buffer.from(`${head}.${body}`), key, bytes)).toBe(true)
  })

  test('is refused a key that is none, without a word of it (K11)', () => {
    const sign = () => signJwt({ claims: {}, privateKey: 'canary-private-key' })
    expect(sign).toThrow('private_key_unusable')
    expect(sign).not.toThrow('canary')
  })
})
