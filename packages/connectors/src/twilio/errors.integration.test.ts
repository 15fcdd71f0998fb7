import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { twilio } from './index.ts'
import { ACCOUNT, openFakeTwilio } from './testing/fake.ts'

const open = () => openFakeTwilio()
const to = '+14155550100'

describe('what Twilio refuses', () => {
  test.each([
    [400, 21_610, 'refused', 'recipient_opted_out'],
    [400, 21_614, 'refused', 'recipient_is_no_mobile'],
    [400, 21_408, 'refused', 'country_not_enabled'],
    [400, 12_345, 'refused', 'twilio_12345'],
    [403, 20_003, 'auth', 'credential_refused'],
    [403, 30_001, 'refused', 'twilio_30001'],
    [400, 20_429, 'limited', 'too_many_requests'],
    [429, undefined, 'limited', 'http_429'],
    [401, undefined, 'auth', 'http_401'],
    [500, 20_500, 'unknown', 'http_500'],
    [503, undefined, 'unknown', 'http_503'],
  ])('%i of %s is %s', async (code, number, kind, detail) => {
    await using bench = await openBench({ connector: twilio, open })
    bench.vendor.failAll(status(code, {}, { code: number, message: 'secret of Ada' }))
    const outcome = await bench.run('sms.send', { to, text: 'Hello' })
    expect(outcome).toMatchObject({ kind: 'failed', verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('secret of Ada')
  })
})

describe('whom a connection may reach', () => {
  test.each([
    ['+442079460018', 'recipient_type_not_allowed'],
    ['+4915112345678', 'recipient_country_not_allowed'],
    ['+19005550100', 'recipient_premium_rate'],
    ['+881612345678', 'recipient_denied_calling_code'],
    ['anonymous', 'recipient_not_a_number'],
  ])('a message to %s is %s, and nothing is sent (C11)', async (number, detail) => {
    await using bench = await openBench({ connector: twilio, open })
    expect(await bench.run('sms.send', { to: number, text: 'Hello' })).toMatchObject({
      verdict: { kind: 'refused', detail },
    })
    expect(bench.vendor.requests).toEqual([])
  })

  test('is nobody unless a country is named, which the check says (C11)', async () => {
    const none = () =>
      openFakeTwilio({
        settings: { countries: [], from: null, messaging_service_sid: null },
      })
    await using bench = await openBench({ connector: twilio, open: none })
    for (const [name, input] of [
      ['sms.send', { to, text: 'Hello' }],
      ['call.create', { to, say: 'Hello' }],
    ] as const) {
      expect(await bench.run(name, input)).toMatchObject({
        verdict: { kind: 'refused', detail: 'recipient_country_not_allowed' },
      })
    }
    expect(bench.vendor.requests).toEqual([])
    expect(await bench.check()).toMatchObject({
      output: {
        account: `Twilio account ${ACCOUNT}`,
        warnings: [
          expect.stringContaining('countries'),
          expect.stringContaining('from'),
          expect.stringContaining('status_callback'),
        ],
      },
    })
  })

  test('is anybody whose number is named', async () => {
    const settings = { countries: [], numbers: ['+442079460018'] }
    await using bench = await openBench({
      connector: twilio,
      open: () => openFakeTwilio({ settings }),
    })
    expect(await bench.run('sms.send', { to: '+44 20 7946 0018', text: 'Hi' })).toMatchObject({
      output: { status: 'queued', segments: 1 },
    })
    expect(bench.setup.messages).toMatchObject([{ to: '+442079460018' }])
  })

  test('is not reached more often than it may be (C12)', async () => {
    const settings = { per_number_a_day: 2 }
    await using bench = await openBench({
      connector: twilio,
      open: () => openFakeTwilio({ settings }),
    })
    const runs = Array.from({ length: 6 }, () => bench.run('sms.send', { to, text: 'Hello' }))
    const outcomes = await Promise.all(runs)
    expect(outcomes.filter(({ kind }) => kind === 'ok')).toHaveLength(2)
    expect(bench.setup.messages).toHaveLength(2)
    expect(await bench.run('call.create', { to, say: 'Hello' })).toMatchObject({
      verdict: { kind: 'limited', detail: 'number_cap_reached' },
    })
  })
})

describe('a message', () => {
  test('carries its key to where its fate is told', async () => {
    const settings = { status_callback: 'https://example.com/fate?a=1' }
    await using bench = await openBench({
      connector: twilio,
      open: () => openFakeTwilio({ settings }),
    })
    await bench.run('sms.send', { to, text: 'Hello' }, { key: 'bk_abc' })
    await bench.run('call.create', { to, say: 'Hello' }, { key: 'bk_def' })
    expect(bench.setup.callbacks).toEqual([
      'https://example.com/fate?a=1&k=bk_abc',
      'https://example.com/fate?a=1&k=bk_def',
    ])
  })

  test('at a time needs a messaging service, for without one it would leave at once', async () => {
    await using bench = await openBench({
      connector: twilio,
      open: () => openFakeTwilio({ settings: { messaging_service_sid: null } }),
    })
    const send_at = new Date(Date.now() + 3_600_000).toISOString()
    expect(await bench.run('sms.schedule', { to, text: 'Hi', send_at })).toMatchObject({
      verdict: { kind: 'refused', detail: 'messaging_service_not_set' },
    })
    expect(bench.vendor.requests).toEqual([])
  })

  test('too soon is refused; one that is on its way cannot be cancelled', async () => {
    await using bench = await openBench({ connector: twilio, open })
    const send_at = new Date(Date.now() + 60_000).toISOString()
    expect(await bench.run('sms.schedule', { to, text: 'Hi', send_at })).toMatchObject({
      verdict: { kind: 'refused', detail: 'send_at_out_of_range' },
    })
    const { sid: id } = bench.setup.seedMessage('sent')
    expect(await bench.run('sms.cancel', { id })).toMatchObject({
      verdict: { kind: 'refused', detail: 'message_not_scheduled' },
    })
  })
})

describe('a call', () => {
  test("speaks a caller's words, and does nothing that they say (D11)", async () => {
    await using bench = await openBench({ connector: twilio, open })
    const say = `</Say><Dial>+19005550100</Dial>\n"hi" & 'bye'`
    await bench.run('call.create', { to, say, language: 'en-GB' })
    expect(bench.setup.calls).toMatchObject([
      {
        twiml:
          '<Response><Say language="en-GB">&lt;/Say&gt;&lt;Dial&gt;+19005550100&lt;/Dial&gt; ' +
          '&quot;hi&quot; &amp; &#39;bye&#39;</Say></Response>',
      },
    ])
  })

  test('from a name is not placed', async () => {
    await using bench = await openBench({
      connector: twilio,
      open: () => openFakeTwilio({ settings: { from: 'Example' } }),
    })
    expect(await bench.run('call.create', { to, say: 'Hello' })).toMatchObject({
      verdict: { kind: 'refused', detail: 'from_is_no_number' },
    })
  })

  test('that is over is ended already', async () => {
    await using bench = await openBench({ connector: twilio, open })
    const { sid: id } = bench.setup.seedCall('busy')
    expect(await bench.run('call.end', { id })).toMatchObject({ output: { id, status: 'busy' } })
  })
})

test('what is nowhere is null, and what is no number is not asked about', async () => {
  await using bench = await openBench({ connector: twilio, open })
  const nobody = 'f'.repeat(32)
  expect(await bench.run('sms.get', { id: `SM${nobody}` })).toMatchObject({ output: null })
  expect(await bench.run('call.get', { id: `CA${nobody}` })).toMatchObject({ output: null })
  const asked = bench.vendor.requests.length
  expect(await bench.run('number.lookup', { phone: 'anonymous' })).toMatchObject({ output: null })
  expect(bench.vendor.requests).toHaveLength(asked)
})
