import { Client } from '@sendgrid/client'
import { MailService } from '@sendgrid/mail'
import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { sendgrid } from './index.ts'
import { openFakeSendgrid } from './testing/fake.ts'

const mail = { to: ['ada@example.com'], subject: 'Your call', text: 'Hello' }

const openWith = (settings: Readonly<Record<string, unknown>> = {}) =>
  openBench({ connector: sendgrid, open: () => openFakeSendgrid(settings) })

describe('what SendGrid refuses', () => {
  test.each([
    [400, 'personalizations.0.to.0.email', 'refused', 'bad_personalizations_0_to_0_email'],
    [400, 'A secret of Ada', 'refused', 'http_400'],
    [400, null, 'refused', 'http_400'],
    [401, null, 'auth', 'http_401'],
    [403, 'from.email', 'refused', 'sender_not_verified'],
    [403, null, 'refused', 'http_403'],
    [413, null, 'refused', 'http_413'],
    [500, null, 'unknown', 'http_500'],
  ])('%i of %s is %s', async (code, field, kind, detail) => {
    await using bench = await openWith()
    const body = { errors: [{ message: 'A secret of Ada', field }] }
    bench.vendor.failAll(status(code, {}, body))
    const outcome = await bench.run('email.send', mail)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('secret of Ada')
  })

  test.each([
    [30, 30_000],
    [-30, null],
    [400_000, null],
  ])('too much until a time %i seconds ahead', async (seconds, waitMs) => {
    await using bench = await openWith()
    const resetAt = Math.floor(Date.now() / 1_000) + seconds
    bench.vendor.failAll(status(429, { 'x-ratelimit-reset': String(resetAt) }))
    const outcome = await bench.run('email.send', mail)
    const until = outcome.kind === 'failed' && 'until' in outcome.verdict && outcome.verdict.until
    const seenMs =
      until instanceof Date ? Math.round((until.getTime() - Date.now()) / 5_000) * 5_000 : null
    expect(seenMs).toBe(waitMs)
  })

  test('of an unverified sender is told by the check', async () => {
    await using bench = await openWith({ from: 'stranger@example.com' })
    expect(await bench.check()).toMatchObject({
      verdict: { kind: 'refused', detail: 'sender_not_verified' },
    })
  })
})

test('the check sends nothing', async () => {
  await using bench = await openWith()
  expect(await bench.check()).toMatchObject({ kind: 'ok' })
  expect(bench.setup.mails).toEqual([])
})

test('an email carries its key, and says that a machine wrote it', async () => {
  await using bench = await openWith()
  const unsubscribe = { url: 'https://example.com/stop', mailto: 'stop@example.com' }
  const sent = await bench.run('email.send', { ...mail, unsubscribe }, { key: 'run/1:step' })
  expect(sent).toMatchObject({ output: { id: 'canary.message.1', status: 'accepted' } })
  expect(bench.setup.mails).toMatchObject([
    {
      personalizations: [
        { custom_args: { bookend_key: expect.stringMatching(/^bk_[a-z2-7]{32}$/) } },
      ],
      from: { email: 'care@example.com', name: 'Care' },
      content: [{ type: 'text/plain', value: 'Hello' }],
      headers: {
        'Auto-Submitted': 'auto-generated',
        'List-Unsubscribe': '<https://example.com/stop>, <mailto:stop@example.com>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    },
  ])
})

test.each(['Care, Inc.', 'Care; Inc.', 'Care\r\nBcc: evil@example.com'])(
  'the name %j is none that SendGrid takes (D8)',
  (from_name) => {
    const settings = { from: 'care@example.com', from_name }
    expect(sendgrid.settings.safeParse(settings).success).toBe(false)
  },
)

test('what is left is read from an answer', () => {
  const now = new Date('2026-01-05T09:00:00Z')
  const reset = String(now.getTime() / 1_000 + 60)
  const headers = {
    'x-ratelimit-limit': '600',
    'x-ratelimit-remaining': '599',
    'x-ratelimit-reset': reset,
  }
  expect(sendgrid.readLimits?.({ status: 202, headers, now })).toEqual([
    { limit: 600, remaining: 599, resetAt: new Date('2026-01-05T09:01:00Z') },
  ])
  expect(sendgrid.readLimits?.({ status: 202, headers: {}, now })).toEqual([])
})

test("SendGrid's client sends the same email as the connector (K2)", async () => {
  await using bench = await openWith()
  const client = new Client()
  client.setApiKey(bench.setup.auth.api_key)
  client.setDefaultRequest('baseUrl', bench.vendor.url)
  const sdk = new MailService()
  sdk.setClient(client)
  await bench.run('email.send', { ...mail, html: '<p>Hello</p>', reply_to: 'team@example.com' })
  const [answer] = await sdk.send({
    personalizations: [{ to: 'ada@example.com', customArgs: { bookend_key: 'bk_key' } }],
    from: { email: 'care@example.com', name: 'Care' },
    replyTo: 'team@example.com',
    subject: 'Your call',
    text: 'Hello',
    html: '<p>Hello</p>',
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  expect(answer.statusCode).toBe(202)
  const [ours, theirs] = bench.setup.mails
  expect(ours).toMatchObject({
    from: theirs?.from,
    personalizations: theirs?.['personalizations'],
    content: theirs?.['content'],
    subject: theirs?.['subject'],
    reply_to: theirs?.['reply_to'],
    headers: theirs?.['headers'],
  })
  expect(bench.vendor.problems).toEqual([])
})
