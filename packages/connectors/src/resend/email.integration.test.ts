import { Resend } from 'resend'
import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { resend } from './index.ts'
import { type FakeResendOptions, openFakeResend } from './testing/fake.ts'

const mail = { to: ['ada@example.com'], subject: 'Your call', text: 'Hello' }

const openWith = (options: FakeResendOptions = {}) =>
  openBench({ connector: resend, open: () => openFakeResend(options) })

describe('what Resend refuses', () => {
  test.each([
    [400, 'validation_error', 'refused', 'validation_error'],
    [401, 'missing_api_key', 'auth', 'missing_api_key'],
    [401, 'restricted_api_key', 'refused', 'restricted_api_key'],
    [403, 'invalid_api_key', 'auth', 'invalid_api_key'],
    [403, 'validation_error', 'refused', 'validation_error'],
    [409, 'concurrent_idempotent_requests', 'retry', 'concurrent_idempotent_requests'],
    [409, 'invalid_idempotent_request', 'refused', 'invalid_idempotent_request'],
    [422, 'invalid_from_address', 'refused', 'invalid_from_address'],
    [429, 'rate_limit_exceeded', 'limited', 'rate_limit_exceeded'],
    [429, 'daily_quota_exceeded', 'limited', 'daily_quota_exceeded'],
    [429, 'A secret of Ada', 'limited', 'http_429'],
    [500, 'application_error', 'unknown', 'http_500'],
  ])('%i %s is %s', async (code, name, kind, detail) => {
    await using bench = await openWith()
    bench.vendor.failAll(status(code, {}, { name, message: 'A secret of Ada', statusCode: code }))
    const outcome = await bench.run('email.send', mail)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('secret of Ada')
  })

  test('under the name of a bad request may be the key itself', async () => {
    await using bench = await openWith()
    const body = { name: 'validation_error', message: 'API key is invalid', statusCode: 400 }
    bench.vendor.failAll(status(400, {}, body))
    expect(await bench.run('email.get', { id: '1' })).toMatchObject({
      verdict: { kind: 'auth', detail: 'invalid_api_key' },
    })
  })

  test('for a quota is asked again in an hour', async () => {
    await using bench = await openWith()
    bench.vendor.failAll(status(429, {}, { name: 'monthly_quota_exceeded' }))
    const outcome = await bench.run('email.send', mail)
    const until = outcome.kind === 'failed' && 'until' in outcome.verdict && outcome.verdict.until
    expect(Math.abs(Number(until) - Date.now() - 3_600_000)).toBeLessThan(5_000)
  })
})

describe('the key of an email', () => {
  test('sends it once, however often it is tried; another run is another email', async () => {
    await using bench = await openWith()
    const first = await bench.run('email.send', mail)
    expect(await bench.run('email.send', mail)).toEqual(first)
    expect(bench.setup.emails).toHaveLength(1)
    await bench.run('email.send', mail, { key: 'run/2:step' })
    expect(bench.setup.emails).toHaveLength(2)
  })

  test('with other words is refused: it may have been sent already', async () => {
    await using bench = await openWith()
    await bench.run('email.send', mail)
    expect(await bench.run('email.send', { ...mail, text: 'Bye' })).toMatchObject({
      verdict: { kind: 'refused', detail: 'invalid_idempotent_request' },
    })
  })

  test('is forgotten in a day, and comes back with the events (M1)', async () => {
    await using bench = await openWith()
    await bench.run('email.send', mail)
    bench.setup.forgetKeys()
    await bench.run('email.send', mail)
    expect(bench.setup.emails).toHaveLength(2)
    expect(bench.setup.emails[0]?.['tags']).toEqual([{ name: 'bookend_key', value: 'bk_key' }])
  })
})

test.each([
  ['', 'care@example.com'],
  ['Example Care', 'Example Care <care@example.com>'],
  ['Care, "Inc."', '"Care, \\"Inc.\\"" <care@example.com>'],
  ['Zoë <evil@example.com>', '"Zoë <evil@example.com>" <care@example.com>'],
])('the sender %j is written as %s (D8)', async (from_name, from) => {
  await using bench = await openWith({ settings: { from_name } })
  await bench.run('email.send', mail)
  expect(bench.setup.emails).toMatchObject([{ from }])
})

test('a key that may only send is a good one, and the check says what it cannot do', async () => {
  await using bench = await openWith({ isRestricted: true })
  expect(await bench.check()).toMatchObject({
    output: { warnings: [expect.stringContaining('only send')] },
  })
  expect(await bench.run('email.send', mail)).toMatchObject({ kind: 'ok' })
  expect(await bench.run('email.cancel', { id: '1' })).toMatchObject({
    verdict: { kind: 'refused', detail: 'restricted_api_key' },
  })
})

test('what was sent cannot be cancelled, and what is nowhere is null', async () => {
  await using bench = await openWith()
  const { id } = bench.setup.seed('delivered')
  expect(await bench.run('email.cancel', { id })).toMatchObject({
    verdict: { kind: 'refused', detail: 'validation_error' },
  })
  expect(await bench.run('email.get', { id: 'none' })).toEqual({ kind: 'ok', output: null })
})

test('what is left is read from an answer', () => {
  const now = new Date('2026-01-05T09:00:00Z')
  const headers = { 'ratelimit-limit': '5', 'ratelimit-remaining': '3', 'ratelimit-reset': '1' }
  expect(resend.readLimits?.({ status: 200, headers, now })).toEqual([
    { limit: 5, remaining: 3, resetAt: new Date('2026-01-05T09:00:01Z') },
  ])
  expect(resend.readLimits?.({ status: 200, headers: {}, now })).toEqual([])
})

test("Resend's client and the connector see one another's emails (K2)", async () => {
  await using bench = await openWith()
  const sdk = new Resend(bench.setup.auth.api_key, { baseUrl: bench.vendor.url })

  const sent = await bench.run('email.schedule', { ...mail, send_at: '2026-12-05T10:00:00Z' })
  const { id } = (sent as { output: { id: string } }).output
  const seen = await sdk.emails.get(id)
  expect(seen.data).toMatchObject({ to: mail.to, subject: 'Your call', last_event: 'scheduled' })

  const theirs = await sdk.emails.send(
    { from: 'care@example.com', to: 'grace@example.com', subject: 'Theirs', text: 'Hi' },
    { idempotencyKey: 'theirs-1' },
  )
  expect(theirs.error).toBeNull()
  await sdk.emails.cancel(id)
  expect(await bench.run('email.cancel', { id })).toMatchObject({ output: { status: 'canceled' } })
  expect(await bench.run('email.get', { id })).toMatchObject({ output: { status: 'canceled' } })
  expect(bench.vendor.problems).toEqual([])
})
