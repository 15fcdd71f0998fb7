import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { slack } from './index.ts'
import { CHANNEL, openFakeSlack } from './testing/fake.ts'

const subject = { connector: slack, open: openFakeSlack }
const input = { channel: CHANNEL, text: 'Ada called.' }

describe('what Slack refuses', () => {
  test.each([
    ['ratelimited', 'limited', 'ratelimited'],
    ['rate_limited', 'limited', 'rate_limited'],
    ['internal_error', 'unknown', 'internal_error'],
    ['fatal_error', 'unknown', 'fatal_error'],
    ['request_timeout', 'unknown', 'request_timeout'],
    ['service_unavailable', 'unknown', 'service_unavailable'],
    ['invalid_auth', 'auth', 'invalid_auth'],
    ['token_revoked', 'auth', 'token_revoked'],
    ['account_inactive', 'auth', 'account_inactive'],
    ['not_authed', 'auth', 'not_authed'],
    ['channel_not_found', 'refused', 'channel_not_found'],
    ['not_in_channel', 'refused', 'not_in_channel'],
    ['is_archived', 'refused', 'is_archived'],
    ['msg_too_long', 'refused', 'msg_too_long'],
    ['invalid_blocks', 'refused', 'invalid_blocks'],
    ['A sentence about Ada', 'refused', 'unnamed'],
  ])('%s is %s', async (error, kind, detail) => {
    await using bench = await openBench(subject)
    bench.vendor.failAll(status(200, { 'retry-after': '30' }, { ok: false, error }))
    const outcome = await bench.run('message.post', input)
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('Ada')
  })

  test('a missing scope is named', async () => {
    await using bench = await openBench(subject)
    const body = { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'im:read' }
    bench.vendor.failAll(status(200, {}, body))
    expect(await bench.run('message.post', input)).toMatchObject({
      verdict: { kind: 'refused', detail: 'missing_scope chat:write' },
    })
  })

  test('a look-up that Slack broke in is simply made again', async () => {
    await using bench = await openBench(subject)
    bench.vendor.failAll(status(200, {}, { ok: false, error: 'internal_error' }))
    expect(await bench.run('person.find_by_email', { email: 'ada@example.com' })).toMatchObject({
      verdict: { kind: 'retry' },
    })
  })

  test('a conversation that could not be opened leaves nothing maybe sent', async () => {
    await using bench = await openBench(subject)
    const user = bench.setup.addUser('ada@example.com')
    bench.vendor.failAll({ kind: 'reset', isDone: true }, ({ path }) => path.includes('.open'))
    expect(await bench.run('message.direct', { user, text: 'x' })).toMatchObject({
      verdict: { kind: 'retry' },
    })
    expect(bench.setup.messages).toEqual([])
  })
})

describe('a person', () => {
  test('whom Slack does not know, or no longer, is nobody', async () => {
    await using bench = await openBench(subject)
    bench.setup.addUser('gone@example.com', { deleted: true })
    for (const email of ['nobody@example.com', 'gone@example.com']) {
      expect(await bench.run('person.find_by_email', { email })).toMatchObject({ output: null })
    }
    expect(bench.vendor.requests.map(({ query }) => query.toString())).toEqual(['', ''])
  })
})

test('the check names the scopes that are missing', async () => {
  await using bench = await openBench(subject)
  expect(await bench.check()).toMatchObject({
    output: {
      account: 'Acme, as bookend',
      warnings: ['Without the scope im:write, nobody can be written to directly'],
    },
  })
})
