import { findSignatureFault } from '@bookend/core'
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type EffectCase, openBench } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { status } from '../testing/fault.ts'
import { http } from './index.ts'
import { type FakeService, SECRET, openFakeService } from './testing/fake.ts'

const count = ({ kept }: FakeService): number => kept.size
const writes: EffectCase['writes'] = ({ method, path }) =>
  method !== 'GET' && !path.endsWith('/search') && path !== '/token'

const common: readonly EffectCase<FakeService>[] = [
  { action: 'request.get', mayBeEmpty: true, input: () => ({ path: ['things'] }) },
  {
    action: 'request.query',
    mayBeEmpty: true,
    input: () => ({ path: ['search'], body: { q: 1 } }),
  },
  {
    action: 'request.send',
    mayBeEmpty: true,
    count,
    writes,
    input: () => ({ path: ['things'], body: { name: 'Ada' } }),
  },
  {
    action: 'request.send',
    mayBeEmpty: true,
    count,
    writes,
    input: () => ({ method: 'PUT', path: ['things', '1'], body: { name: 'Ada' } }),
  },
]
const webhook: EffectCase<FakeService> = {
  action: 'webhook.send',
  ignoresAnswer: true,
  count,
  writes,
  input: () => ({ path: ['hook'], body: { type: 'call.logged' } }),
}

const hostile = (text: string) => [
  { action: 'request.get', input: { path: [text], query: { q: text } } },
  { action: 'request.send', input: { path: ['things'], body: { text } } },
  { action: 'request.send', input: { headers: { 'x-own': text } } },
]

describe('as its owner set it up', () => {
  const cases = [...common, webhook]
  const open = () => openFakeService('webhook')
  conformance({ connector: http, open, cases, hostile })
})

describe('with a service that honours the key', () => {
  const cases = [...common, webhook]
  const open = () => openFakeService('webhook', { key_honoured: true })
  conformance({ connector: http, open, cases })
})

describe('a token of OAuth 2', () => {
  const open = () => openFakeService('oauth2')

  test('is fetched once for all who need it, and used again', async () => {
    await using bench = await openBench({ connector: http, open })
    const runs = Array.from({ length: 20 }, () => bench.run('request.get', { path: ['a'] }))
    for (const outcome of await Promise.all(runs)) expect(outcome).toMatchObject({ kind: 'ok' })
    await bench.run('request.get', { path: ['b'] })
    expect(bench.setup.tokens).toHaveLength(1)
  })

  test('that is refused is renewed once, then it is the credential (K6)', async () => {
    await using bench = await openBench({ connector: http, open })
    await bench.run('request.get', {})
    bench.vendor.failNext(status(401), ({ path }) => path !== '/token')
    expect(await bench.run('request.send', { body: 1 })).toMatchObject({ kind: 'ok' })
    expect([bench.setup.tokens.length, bench.setup.kept.size]).toEqual([2, 1])

    bench.vendor.failAll(status(401), ({ path }) => path !== '/token')
    const asked = bench.vendor.requests.length
    expect(await bench.run('request.get', {})).toMatchObject({ verdict: { kind: 'auth' } })
    expect(bench.vendor.requests.length - asked).toBe(3)
  })

  test.each([
    [400, { error: 'invalid_client' }, 'auth', 'invalid_client'],
    [401, {}, 'auth', 'token_http_401'],
    [429, {}, 'limited', 'http_429'],
    [500, {}, 'retry', 'http_500'],
    [200, { access_token: 'a\r\nb' }, 'auth', 'no_token_in_answer'],
  ])('that is not given, %i %j, is %s', async (code, body, kind, detail) => {
    await using bench = await openBench({ connector: http, open })
    bench.vendor.failAll(status(code, {}, body), ({ path }) => path === '/token')
    // Nothing was written, so nothing of a write is in doubt.
    expect(await bench.run('request.send', { body: 1 })).toMatchObject({
      verdict: { kind, detail },
    })
    expect(bench.vendor.requests.every(({ path }) => path === '/token')).toBe(true)
  })
})

describe('a webhook', () => {
  test('is signed by Standard Webhooks, its id the key of the effect', async () => {
    await using bench = await openBench({ connector: http, open: () => openFakeService('webhook') })
    await bench.run('webhook.send', { body: { name: 'Zoë' } }, { key: 'run/step:1#2' })
    const [request] = bench.vendor.requests
    const headers = { ...request?.headers }
    expect(findSignatureFault([SECRET], headers, request?.text ?? '', new Date())).toBeNull()
    expect(headers['webhook-id']).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
  })

  test('is not sent without a secret to sign it by', async () => {
    await using bench = await openBench({ connector: http, open: () => openFakeService('bearer') })
    expect(await bench.run('webhook.send', { body: 1 })).toMatchObject({
      verdict: { kind: 'auth', detail: 'webhook_secret_missing' },
    })
  })
})

test('an HMAC signs what is sent, with the time where it is asked for', async () => {
  const auth = { kind: 'hmac', secret: 'canary-hmac', timestamp_header: 'X-Time' }
  const open = async () => ({ ...(await openFakeService('bearer')), auth })
  await using bench = await openBench({ connector: http, open })
  await bench.run('request.send', { body: { a: 1 } })
  const [request] = bench.vendor.requests
  const headers = { ...request?.headers }
  const digest = createHmac('sha256', 'canary-hmac').update(
    `${headers['x-time']}.${request?.text ?? ''}`,
  )
  expect(headers['x-signature']).toBe(`sha256=${digest.digest('hex')}`)
})

describe('a success as its owner sees it', () => {
  const success = 'status < 300 && body.ok == true'
  const open = () => openFakeService('bearer', { success })

  test.each([
    [200, { ok: true }, 'ok', ''],
    [200, { ok: false }, 'refused', 'not_a_success'],
    [200, {}, 'unknown', 'success_not_told'],
    [500, { ok: true }, 'unknown', 'http_500'],
    [422, { ok: true }, 'refused', 'http_422'],
  ])('%i %j is %s (K7)', async (code, body, kind, detail) => {
    await using bench = await openBench({ connector: http, open })
    bench.vendor.failAll(status(code, {}, body))
    const outcome = await bench.run('request.send', { body: 1 })
    const seen = outcome.kind === 'ok' ? ['ok', ''] : [outcome.verdict.kind, outcome.verdict.detail]
    expect(seen).toEqual([kind, detail])
  })

  test.each(['status ==', 'stats < 300', 'now() > now()', '"yes"'])('is not %s', (text) => {
    const settings = { base_url: 'https://example.com', success: text }
    expect(http.settings.safeParse(settings).success).toBe(false)
  })
})
