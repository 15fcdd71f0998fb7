import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  speaking,
  speakingServer,
  type SpeakingServer,
} from '../../agent/testing/speaking-server.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { parametersIn, Phone, RELAY_URL, sendForm, twilioOptions } from '../../testing/phone.ts'

const workflow = (other: string) => `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('front-desk', {
  parameters: z.object({ name: z.string() }),
  fallback: { name: 'there' },
  async run({ call }) {
    const agent_id = call.from_number === '+447700900143' ? process.env.${other} : undefined
    return { parameters: { name: 'Mira' }, agent_id }
  },
})
`

let model: SpeakingServer
let server: TestServer
beforeAll(async () => {
  model = await speakingServer(speaking('Good day.'))
  server = await testServer({
    workflows: { 'front-desk.pre-call.ts': workflow('RELAY_OTHER_AGENT') },
    env: { BOOKEND_MODEL_BASE_URL: model.baseUrl, BOOKEND_MODEL_NAME: 'small' },
  })
  const { client } = server
  const { id } = await client.call('createAgent', {
    body: {
      name: 'Front desk',
      prompt: 'You speak with {{name}}.',
      first_message: 'Hello {{name}}.',
      pre_call_webhook_url: 'workflow:front-desk',
      pre_call_webhook_enabled: true,
    },
  })
  const other = await client.call('createAgent', {
    body: { name: 'Billing', prompt: 'You bill {{name}}.', first_message: 'Billing, {{name}}.' },
  })
  process.env['RELAY_OTHER_AGENT'] = other.id
  const number = await client.call('createNumber', { body: { number: '+15550100900' } })
  await client.call('assignAgent', { params: { id: number.id }, body: { agent_uuid: id } })
  await client.call('createPlatform', {
    body: { platform: 'twilio', name: 'main', options: twilioOptions },
  })
})
afterAll(async () => {
  delete process.env['RELAY_OTHER_AGENT']
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

let calls = 0
const someCall = () => `CA${String((calls += 1)).padStart(32, '0')}`

/** As Twilio asks when a telephone rings. */
async function ring(callSid: string, from = '+447700900142'): Promise<string> {
  const form = { CallSid: callSid, From: from, To: '+15550100900', Direction: 'inbound' }
  const answer = await sendForm(server.url, '/platforms/twilio/main/pre-call', form)
  expect(answer.status).toBe(200)
  return await answer.text()
}

async function pickUp(callSid = someCall()): Promise<{ phone: Phone; callSid: string }> {
  const twiml = await ring(callSid)
  const phone = await Phone.open(server.url)
  phone.setUp(callSid, parametersIn(twiml))
  return { phone, callSid }
}

const status = (callSid: string, CallStatus: string, more = {}) =>
  sendForm(server.url, '/platforms/twilio/main/events', {
    CallSid: callSid,
    CallStatus,
    From: '+447700900142',
    To: '+15550100900',
    Direction: 'inbound',
    ...more,
  })

const find = (callSid: string) =>
  server.client.call('findCallByAttribute', {
    query: { attribute: 'platform_call_id', value: callSid },
  })
const linesOf = async (callSid: string) =>
  (await find(callSid)).transcripts.map(({ role, text }) => `${role}: ${text}`)

describe('a call on which Bookend speaks', () => {
  test('is prepared before it is answered, greeted by name, and recorded as it happens', async () => {
    const callSid = someCall()
    const twiml = await ring(callSid)
    expect(twiml).toContain(`<ConversationRelay url="${RELAY_URL}" dtmfDetection="true">`)
    expect(twiml).toContain('action="https://bookend.example/platforms/twilio/main/events"')
    const phone = await Phone.open(server.url)
    phone.setUp(callSid, parametersIn(twiml))
    await expect.poll(() => phone.sentences).toEqual(['Hello Mira.'])

    model.say = speaking('We are open from nine.')
    phone.prompt('When are ', false)
    phone.prompt('When are you open?')
    await expect.poll(() => phone.sentences.at(-1)).toBe('We are open from nine.')
    expect(model.asked.at(-1)?.messages).toMatchObject([
      { role: 'system', content: 'You speak with Mira.' },
      { role: 'assistant', content: 'Hello Mira.' },
      { role: 'user', content: 'When are you open?' },
    ])
    phone.send({
      type: 'interrupt',
      utteranceUntilInterrupt: 'We are open',
      durationUntilInterruptMs: '900',
    })
    await expect
      .poll(() => linesOf(callSid))
      .toEqual(['agent: Hello Mira.', 'user: When are you open?', 'agent: We are open'])
    const call = await find(callSid)
    expect(call).toMatchObject({
      status: 'in_progress',
      platform: 'twilio',
      agent_name: 'Front desk',
    })
    expect(call.pre_call_run_id).not.toBeNull()

    phone.close()
    await status(callSid, 'completed', { CallDuration: '60' })
    expect(await find(callSid)).toMatchObject({ status: 'completed', duration: 60 })
  })

  test('is ended by the agent once it has said goodbye', async () => {
    const { phone, callSid } = await pickUp()
    model.say = (answer) =>
      answer.token('Bye.').call('end_call', { reason: 'all asked' }).end('tool_calls')
    phone.prompt('Bye')
    await expect.poll(() => phone.said.at(-1)?.type).toBe('end')
    const HandoffData = phone.said.at(-1)?.handoffData ?? ''
    expect(JSON.parse(HandoffData)).toEqual({ bookend: 'done', reason: 'all asked' })
    const SessionId = callSid.replace('CA', 'VX')
    const next = await status(callSid, 'in-progress', { SessionId, HandoffData })
    expect(await next.text()).toContain('<Response><Hangup/></Response>')
    await expect.poll(() => linesOf(callSid)).toContain('tool: done')
  })

  test('is given to a person by name, and dialled by number (V4)', async () => {
    const { phone, callSid } = await pickUp()
    model.say = (answer) =>
      answer.token('One moment.').call('transfer_call', { target: 'front desk' }).end('tool_calls')
    phone.prompt('A person, please')
    await expect.poll(() => phone.said.at(-1)?.type).toBe('end')
    const HandoffData = phone.said.at(-1)?.handoffData ?? ''
    const SessionId = callSid.replace('CA', 'VX')
    const next = await status(callSid, 'in-progress', { SessionId, HandoffData })
    expect(await next.text()).toContain('<Dial>+15550100777</Dial>')
    expect(await find(callSid)).toMatchObject({ transferred: true })
  })

  test('presses keys, and hears those of the caller', async () => {
    const { phone } = await pickUp()
    model.say = (answer, { messages }) => {
      if (messages.at(-1)?.role === 'tool') answer.token('Pressed.').end()
      else answer.call('send_digits', { digits: '1w2' }).end('tool_calls')
    }
    for (const digit of ['4', '2', '#']) phone.send({ type: 'dtmf', digit })
    await expect.poll(() => phone.sentences.at(-1)).toBe('Pressed.')
    expect(phone.said).toContainEqual({ type: 'sendDigits', digits: '1w2' })
    expect(model.asked.at(-1)?.messages).toContainEqual(
      expect.objectContaining({ role: 'user', content: '[dtmf 42#]' }),
    )
  })

  test('routed to another agent is spoken on by that one', async () => {
    const callSid = someCall()
    const twiml = await ring(callSid, '+447700900143')
    const phone = await Phone.open(server.url)
    phone.setUp(callSid, parametersIn(twiml), { from: '+447700900143' })
    await expect.poll(() => phone.sentences).toEqual(['Billing, Mira.'])
  })

  test('is spoken on by a process that did not prepare it, from what Twilio sends back', async () => {
    const parameters = { ...parametersIn(await ring(someCall())), bookend_run_id: 'elsewhere' }
    const phone = await Phone.open(server.url)
    phone.setUp(someCall(), parameters)
    await expect.poll(() => phone.sentences).toEqual(['Hello Mira.'])
  })

  test('with no agent for it is handed back', async () => {
    const phone = await Phone.open(server.url)
    phone.setUp(someCall(), {}, { to: '+15550100999' })
    await expect.poll(() => phone.said.at(-1)?.type).toBe('end')
    expect(phone.said.at(-1)?.handoffData).toContain('no_agent')
  })
})

describe('a socket', () => {
  test.each([
    ['of another token', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['altered', 'x'],
    ['missing', ''],
  ])('with a signature %s is refused (S1)', async (_, signature) => {
    await expect(Phone.open(server.url, signature)).rejects.toThrow('401')
  })

  test.each([
    'nothing',
    '[]',
    'null',
    '{"type":"setup"}',
    '{"type":"prompt"}',
    '{"type":"error","description":"x"}',
    '{"type":"dtmf","digit":{}}',
    '{"type":"interrupt","utteranceUntilInterrupt":7}',
    '{"type":"unheard_of"}',
    `{"__proto__":{"type":"setup"},"type":"prompt","voicePrompt":"\\ud800\\u0000"}`,
  ])('stays open whatever it is sent: %s', async (message) => {
    const { phone, callSid } = await pickUp()
    phone.send(message)
    model.say = speaking('Yes.')
    phone.prompt('Still there?')
    await expect.poll(() => phone.sentences.at(-1)).toBe('Yes.')
    await expect.poll(() => linesOf(callSid)).toContain('agent: Yes.')
    expect(phone.isOpen).toBe(true)
    phone.close()
  })

  test('is no answer to a request that offers another protocol in passing', async () => {
    const ask = async (more: string) => {
      const { port } = new URL(server.url)
      const socket = connect(Number(port), '127.0.0.1')
      const body = '{"text":5}'
      socket.end(
        `POST /api/v1/agents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${more}` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      )
      const answer = await textOf(socket)
      return answer.slice(0, answer.indexOf('\r\n'))
    }
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n'
    expect(await ask(offer)).toBe('HTTP/1.1 401 Unauthorized')
    expect(await ask(offer)).toBe(await ask(''))
    expect(await ask('Connection: Upgrade\r\nUpgrade: websocket\r\n')).toContain('404')
  })
})
