import { connectLiveKit, factsOf, transcriptOf } from '@bookend/sdk/livekit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

const EVENT_SECRET = 'whsec_TElWRUtJVC1BR0VOVC1TRUNSRVQtMDE='
const workflow = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('front-desk', {
  parameters: z.object({ customer_name: z.string(), trunk: z.string() }),
  fallback: { customer_name: 'friend', trunk: '' },
  async run({ call }) {
    if (call.from_number === '+447700900100') return { parameters: {}, reject: { reason: 'busy' } }
    const trunk = call.context?.['sent.sip.trunkID'] ?? 'none'
    return { parameters: { customer_name: 'Mira', trunk }, first_message: 'Hi Mira.' }
  },
})
`

let server: TestServer
const agentWith = (token: string) =>
  connectLiveKit({
    address: `${server.url}/platforms/livekit/main`,
    token,
    eventSecret: EVENT_SECRET,
    deadlineMs: 10_000,
  })
const caller = (number: string) =>
  factsOf({
    attributes: {
      'sip.phoneNumber': number,
      'sip.trunkPhoneNumber': '+15550123',
      'sip.trunkID': 'ST_1',
    },
  })

beforeAll(async () => {
  server = await testServer({ workflows: { 'front-desk.pre-call.ts': workflow } })
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front desk',
      pre_call_webhook_url: 'workflow:front-desk',
      pre_call_webhook_enabled: true,
    },
  })
  await server.client.call('createPlatform', {
    body: {
      platform: 'livekit',
      name: 'main',
      default_agent_id: agent.id,
      options: {
        pre_call_token: 'agent-token',
        api_key: 'APImadeup01',
        api_secret: 'livekit-secret-made-up-0123456789abcdef',
        event_secret: EVENT_SECRET,
        budget_ms: 5_000,
      },
    },
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

test('a LiveKit agent is told of its caller, and its transcript becomes the call’s', async () => {
  const bookend = agentWith('agent-token')
  const prepared = await bookend.beforeCall({ room: 'room-1', ...caller('+447700900142') })
  expect(prepared).toMatchObject({
    parameters: { customer_name: 'Mira', trunk: 'ST_1' },
    greeting: 'Hi Mira.',
    why: null,
  })
  const items = [
    { type: 'message', role: 'assistant', textContent: 'Hi Mira.', createdAt: 1_772_463_847_000 },
    { type: 'message', role: 'user', textContent: 'Can I move my visit?' },
  ]
  await bookend.afterCall({ room: 'room-1', transcripts: transcriptOf(items) })
  await vi.waitFor(async () => {
    const call = await server.client.call('findCallByAttribute', {
      query: { attribute: 'platform_call_id', value: 'room-1' },
    })
    expect(call.status).toBe('completed')
    expect(call.transcripts.map(({ text }) => text)).toEqual(['Hi Mira.', 'Can I move my visit?'])
  }, 10_000)
})

test('whom a workflow turns away is turned away by the agent’s own code', async () => {
  const call = { room: 'room-2', ...caller('+447700900100') }
  const prepared = await agentWith('agent-token').beforeCall(call)
  expect(prepared.outcome).toEqual({ type: 'reject', reason: 'busy' })
})

test('with another token it is told nothing, and the call goes on (A1)', async () => {
  const call = { room: 'room-3', ...caller('+447700900142') }
  const prepared = await agentWith('wrong').beforeCall(call)
  expect(prepared).toMatchObject({ parameters: {}, outcome: { type: 'continue' } })
  expect(prepared.why).toMatch(/401/)
})
