import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { speaking, speakingServer, type SpeakingServer } from '../agent/testing/speaking-server.ts'
import { serveHttp, type TestServer as HttpServer } from '../outgoing/testing/servers.ts'
import { parametersIn, Phone, sendForm, twilioOptions } from '../testing/phone.ts'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const config = `
import { defineConfig } from '@bookend/sdk'
export default defineConfig(() => ({
  connections: {},
  dialling: { countries: ['US'], numbers: ['+15550100001', '+15550100002'] },
}))
`
const workflow = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('reminder', {
  parameters: z.object({ name: z.string() }),
  fallback: { name: 'there' },
  async run({ call }) {
    const isWanted = call.to_number !== '+15550100002' && call.direction === 'outbound'
    return { parameters: { name: 'Mira' }, ...(isWanted ? {} : { reject: { reason: 'closed' } }) }
  },
})
`
const journey = `
import { journey } from '@bookend/sdk'
export default journey('later', {
  on: 'call.wanted',
  run: ({ callLater }) =>
    callLater('callback', { to: '+15550100001', agent: 'Reminders', in: '1ms', params: { at: 'ten' } }),
})
`

type Respond = (count: number) => { readonly status: number; readonly body: object }
const placed: Respond = (count) => ({
  status: 201,
  body: { sid: `CA${String(count).padStart(32, '0')}`, status: 'queued' },
})

let model: SpeakingServer
let twilio: HttpServer
let server: TestServer
let agentId: string
let respond = placed
const dialled: { form: URLSearchParams; path: string | undefined; authorization: unknown }[] = []
beforeAll(async () => {
  model = await speakingServer(speaking('See you then.'))
  twilio = await serveHttp((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const { authorization } = request.headers
      dialled.push({ form: new URLSearchParams(text), path: request.url, authorization })
      const { status, body } = respond(dialled.length)
      if (status === 0) request.socket.destroy()
      else
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  server = await testServer({
    workflows: {
      '../bookend.config.ts': config,
      'reminder.pre-call.ts': workflow,
      'later.journey.ts': journey,
    },
    env: { BOOKEND_MODEL_BASE_URL: model.baseUrl, BOOKEND_MODEL_NAME: 'small' },
  })
  const { client } = server
  const agent = await client.call('createAgent', {
    body: {
      name: 'Reminders',
      prompt: 'You remind {{name}}.',
      first_message: 'Hello {{name}}.',
      pre_call_webhook_url: 'workflow:reminder',
      pre_call_webhook_enabled: true,
    },
  })
  agentId = agent.id
  const number = await client.call('createNumber', { body: { number: '+15550100900' } })
  await client.call('assignAgent', { params: { id: number.id }, body: { agent_uuid: agentId } })
})
beforeEach(async () => {
  respond = placed
  await query(server.database, 'delete from bookend.dial_buckets')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await twilio[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

const connect = () =>
  server.client.call('createPlatform', {
    body: {
      platform: 'twilio',
      name: 'main',
      options: { ...twilioOptions, api_base_url: twilio.url.replace(/\/$/, '') },
    },
  })

async function place(more: object = {}, headers: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify({ agent_id: agentId, to_number: '+15550100001', ...more })
  const answer = await server.send('/calls', { method: 'POST', body, headers })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const getCall = (id: string) => server.client.call('getCall', { params: { id } })

test('without a platform that can dial nothing is placed', async () => {
  expect(await place()).toMatchObject({ status: 422, body: { code: 'no_dialling_platform' } })
})

describe('a call that is placed', () => {
  beforeAll(connect)

  test('is prepared, dialled, spoken on, and known by its events', async () => {
    const { status, body } = await place({ params: { visit: 'Friday' } })
    expect([status, body]).toMatchObject([
      201,
      {
        agent: { prompt: 'You remind Mira.' },
        parameters: { visit: 'Friday', name: 'Mira' },
        call: { status: 'ringing', direction: 'outbound', from_number: '+15550100900' },
      },
    ])
    const { uuid } = body['call'] as { uuid: string }
    const asked = dialled.at(-1)
    expect(asked?.path).toBe(`/2010-04-01/Accounts/${twilioOptions.account_sid}/Calls.json`)
    expect(Object.fromEntries(asked?.form ?? [])).toMatchObject({
      To: '+15550100001',
      From: '+15550100900',
      StatusCallback: `https://bookend.example/platforms/twilio/main/events?bookend_call=${uuid}`,
    })
    expect(asked?.form.getAll('StatusCallbackEvent')).toEqual(['answered', 'completed'])
    const callSid = `CA${String(dialled.length).padStart(32, '0')}`
    const numbers = { CallSid: callSid, From: '+15550100900', To: '+15550100001' }
    const tell = (CallStatus: string) =>
      sendForm(server.url, `/platforms/twilio/main/events?bookend_call=${uuid}`, {
        ...numbers,
        CallStatus,
        Direction: 'outbound-api',
      })
    expect((await tell('in-progress')).status).toBe(200)

    const phone = await Phone.open(server.url)
    const direction = { direction: 'outbound-api', from: numbers.From, to: numbers.To }
    phone.setUp(callSid, parametersIn(asked?.form.get('Twiml') ?? ''), direction)
    await expect.poll(() => phone.sentences).toEqual(['Hello Mira.'])
    phone.prompt('On Friday?')
    await expect.poll(() => phone.sentences.at(-1)).toBe('See you then.')
    expect(model.asked.at(-1)?.messages[0]).toMatchObject({ content: 'You remind Mira.' })
    await expect.poll(async () => (await getCall(uuid)).transcripts.length).toBe(3)
    phone.close()
    await tell('completed')
    expect(await getCall(uuid)).toMatchObject({
      status: 'completed',
      direction: 'outbound',
      params: { visit: 'Friday', name: 'Mira' },
      agent_name: 'Reminders',
    })
    const { events } = await server.client.call('getCallTrace', { params: { id: uuid } })
    const types = events.map(({ event_type }) => event_type)
    expect(types.filter((type) => type === 'call.started')).toHaveLength(1)
    expect(types.filter((type) => type === 'call.completed')).toHaveLength(1)
  })

  test('is dialled once for an idempotency key', async () => {
    const before = dialled.length
    const headers = { 'idempotency-key': 'reminder-1' }
    const [first, second] = [await place({}, headers), await place({}, headers)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body['call']).toEqual(first.body['call'])
    expect(dialled).toHaveLength(before + 1)
  })

  test('is not dialled when its workflow turns it away', async () => {
    const before = dialled.length
    expect(await place({ to_number: '+15550100002' })).toMatchObject({
      status: 201,
      body: { outcome: { type: 'reject', reason: 'closed' }, call: { status: 'rejected' } },
    })
    expect(dialled).toHaveLength(before)
  })

  test('from a number that is not the workspace’s is refused', async () => {
    const answer = await place({ from_number: '+15550100999' })
    expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_number' } })
  })

  test.each([
    ['+881612345678', 422, 'dial_refused'],
    ['+19005550123', 422, 'dial_refused'],
    ['+4915112345678', 422, 'dial_refused'],
    ['anonymous', 422, 'invalid'],
    ['', 422, 'invalid'],
  ])('to %s is refused before anybody is asked (C11)', async (to_number, status, code) => {
    const before = dialled.length
    expect(await place({ to_number })).toMatchObject({ status, body: { code } })
    expect(dialled).toHaveLength(before)
  })

  test('to one number is placed three times, and no more for hours (C12)', async () => {
    const statuses = []
    for (let n = 0; n < 4; n += 1) statuses.push((await place()).status)
    expect(statuses).toEqual([201, 201, 201, 422])
  })

  test.each([
    [{ status: 400, body: { code: 21_211, message: 'Invalid To' } }, 422, 'dial_refused', 'failed'],
    [{ status: 429, body: { code: 20_429 } }, 502, 'dial_failed', 'failed'],
    [{ status: 500, body: {} }, 502, 'dial_failed', 'ringing'],
    [{ status: 0, body: {} }, 502, 'dial_failed', 'ringing'],
    [{ status: 201, body: {} }, 502, 'dial_failed', 'ringing'],
  ])(
    'that Twilio answers with %j says what is known of it (O3)',
    async (given, status, code, then) => {
      respond = () => given
      expect(await place()).toMatchObject({ status, body: { code } })
      const { calls } = await server.client.call('listCalls', { query: { limit: 1 } })
      expect(calls).toMatchObject([{ direction: 'outbound', status: then }])
    },
  )

  test('for an agent there is not is refused', async () => {
    const agent_id = '0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa'
    expect(await place({ agent_id })).toMatchObject({ status: 422, body: { code: 'invalid' } })
  })

  test('later, by a journey, is dialled at its time', async () => {
    const before = dialled.length
    const body = { event_type: 'call.wanted', event_id: 'wanted-1', payload: {} }
    await server.client.call('createEvent', { body })
    await expect.poll(() => dialled.length, { timeout: 15_000 }).toBe(before + 1)
    expect(dialled.at(-1)?.form.get('To')).toBe('+15550100001')
    await expect
      .poll(async () => (await server.client.call('listScheduledCalls', {})).scheduled_calls)
      .toMatchObject([{ status: 'placed', agent: 'Reminders' }])
    const { calls } = await server.client.call('listCalls', { query: { limit: 1 } })
    expect(calls).toMatchObject([{ direction: 'outbound', params: { at: 'ten', name: 'Mira' } }])
  })
})
