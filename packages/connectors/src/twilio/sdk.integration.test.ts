// Twilio's own client against the fake: what it sends there, the connector sees, and the reverse.

import { expect, test } from 'vitest'
import twilioSdk from 'twilio'
import { openBench } from '../testing/bench.ts'
import { twilio } from './index.ts'
import { ACCOUNT, openFakeTwilio } from './testing/fake.ts'

const to = '+14155550100'

interface SdkRequest {
  readonly method: string
  readonly uri: string
  readonly username?: string
  readonly password?: string
  readonly params?: Readonly<Record<string, string>>
  readonly data?: Readonly<Record<string, string>>
}

/** The client as it is, but for the host it speaks to. */
function openSdk(url: string, user: string, secret: string) {
  const httpClient = {
    async request({ method, uri, params = {}, data, username, password }: SdkRequest) {
      const { pathname } = new URL(uri)
      const query = new URLSearchParams(params).toString()
      const answer = await fetch(`${url}${pathname}${query === '' ? '' : `?${query}`}`, {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        },
        ...(data === undefined ? {} : { body: new URLSearchParams(data) }),
      })
      return { statusCode: answer.status, body: await answer.json() }
    },
  }
  return twilioSdk(user, secret, {
    accountSid: ACCOUNT,
    httpClient: httpClient as never,
  })
}

test("Twilio's client and the connector see one another's messages and calls (K2)", async () => {
  await using bench = await openBench({ connector: twilio, open: openFakeTwilio })
  const { key_sid: user, secret } = bench.setup.auth as { key_sid: string; secret: string }
  const sdk = openSdk(bench.vendor.url, user, secret)

  const sent = await bench.run('sms.send', { to, text: 'Hello' })
  const { id } = (sent as { output: { id: string } }).output
  expect(await sdk.messages(id).fetch()).toMatchObject({ to, body: 'Hello', status: 'queued' })

  const theirs = await sdk.messages.create({ to, from: '+14155550199', body: 'Theirs' })
  expect(await bench.run('sms.get', { id: theirs.sid })).toMatchObject({
    output: { to, text: 'Theirs', segments: 1, sent_at: '2026-01-05T09:00:00.000Z' },
  })

  const call = await bench.run('call.create', { to, say: 'Hello' })
  const placed = (call as { output: { id: string } }).output
  expect(await sdk.calls(placed.id).fetch()).toMatchObject({ to, status: 'queued' })
  expect(await sdk.calls(placed.id).update({ status: 'completed' })).toMatchObject({
    status: 'completed',
  })
  expect(await bench.run('call.end', { id: placed.id })).toMatchObject({
    output: { status: 'completed' },
  })
  const looked = await sdk.lookups.v2.phoneNumbers(to).fetch({ fields: 'line_type_intelligence' })
  expect(await bench.run('number.lookup', { phone: '+1 (415) 555-0100' })).toEqual({
    kind: 'ok',
    output: {
      phone: looked.phoneNumber,
      is_valid: looked.valid,
      country: looked.countryCode,
      line_type: 'mobile',
      carrier: 'Example Mobile',
    },
  })
  expect(bench.vendor.problems).toEqual([])
})
