import { Call, InboundAnswer, Trace } from '@bookend/contract'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const FROM = '+15550100001'
const NUMBER = '+15550100900'

const intake = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('intake', {
  parameters: z.object({ customer_name: z.string().max(60), open_tickets: z.number().int() }),
  fallback: { customer_name: 'there', open_tickets: 0 },
  async run({ call, step }) {
    const never = () => new Promise(() => undefined)
    const [name, tickets] = await Promise.all([
      step('contact', () => (call.from_number === '+15550100001' ? 'Ada' : never()), { timeout: '100ms', default: 'friend' }),
      step('tickets', () => (call.from_number === '+15550100003' ? Promise.reject(new Error('desk down')) : 2), { default: 0 }),
    ])
    if (call.from_number === '+15550100004') throw new Error('the author’s fault')
    if (call.from_number === '+15550100005') await never()
    const agent_id = call.from_number === '+15550100006' ? process.env.ROUTED_AGENT : undefined
    const transfer = call.from_number === '+15550100007' ? { to_number: '+15559999999' } : undefined
    return { parameters: { customer_name: name, open_tickets: tickets, secret: 'never' }, agent_id, transfer }
  },
})
`

let server: TestServer
let agentId: string
beforeAll(async () => {
  server = await testServer({ workflows: { 'intake.pre-call.ts': intake } })
  const nurse = await server.client.call('createAgent', {
    body: {
      name: 'Nurse',
      prompt: 'You are the nurse of {{customer_name}}',
      first_message: 'Nurse here',
    },
  })
  process.env['ROUTED_AGENT'] = nurse.id
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front',
      prompt: 'You help {{customer_name}}, on plan {{params.plan}}. {{nobody}}',
      first_message: 'Hi {{ customer_name }}!',
      default_parameters: { plan: 'unknown', customer_name: 'you' },
      pre_call_webhook_url: 'workflow:intake',
      pre_call_webhook_timeout: 1,
      pre_call_webhook_enabled: true,
    },
  })
  agentId = agent.id
  const number = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', {
    params: { id: number.id },
    body: { agent_uuid: agentId },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const call = (from: string, body: object = {}): Promise<InboundAnswer> =>
  server.client.call('inboundCall', { body: { from_number: from, to_number: NUMBER, ...body } })

describe('a call that comes in', () => {
  test('is answered with what its workflow found, rendered for the agent', async () => {
    const answer = InboundAnswer.parse(await call(FROM, { params: { plan: 'pro' } }))
    expect(answer.parameters).toEqual({ plan: 'pro', customer_name: 'Ada', open_tickets: 2 })
    expect(answer.agent).toMatchObject({
      name: 'Front',
      prompt: 'You help Ada, on plan pro. ',
      first_message: 'Hi Ada!',
    })
    expect(answer.outcome).toEqual({ type: 'continue' })
    expect(answer.pre_call.missing).toEqual([
      { name: 'nobody', reason: 'skipped', step: null, detail: 'nobody provides it' },
    ])
  })

  test('is recorded with its run and steps, as it was answered', async () => {
    const answer = await call(FROM)
    const id = answer.call.uuid
    const record = Call.parse(await server.client.call('getCall', { params: { id } }))
    expect(record).toEqual(answer.call)
    const trace = Trace.parse(await server.client.call('getCallTrace', { params: { id } }))
    expect(trace.pre_call).toMatchObject({
      workflow: 'intake',
      status: 'partial',
      deadline_ms: 1_000,
      parameters: answer.parameters,
    })
    // A fifth is kept back, and up to half on a machine that is late.
    expect(trace.pre_call?.budget_ms).toBeGreaterThanOrEqual(500)
    expect(trace.pre_call?.budget_ms).toBeLessThanOrEqual(800)
    expect(trace.pre_call?.steps.map(({ name, status }) => [name, status])).toEqual([
      ['contact', 'ok'],
      ['tickets', 'ok'],
    ])
    expect(trace.events.map(({ event_type }) => event_type)).toEqual(['call.started'])
  })

  test.each([
    [
      'a step that hangs costs its own default',
      '+15550100002',
      { customer_name: 'friend', open_tickets: 2 },
      'partial',
      'timed_out',
    ],
    [
      'a step that fails costs its own default',
      '+15550100003',
      { customer_name: 'friend', open_tickets: 0 },
      'partial',
      'failed',
    ],
    [
      'a workflow that throws costs the fallback',
      '+15550100004',
      { customer_name: 'there', open_tickets: 0 },
      'fallback',
      'failed',
    ],
    [
      'a workflow that hangs costs the fallback',
      '+15550100005',
      { customer_name: 'there', open_tickets: 0 },
      'fallback',
      'timed_out',
    ],
  ])('%s, never the call (P1)', async (_, from, parameters, status, reason) => {
    const answer = await call(from)
    expect(answer.parameters).toMatchObject(parameters)
    expect(answer.pre_call.status).toBe(status)
    expect(answer.pre_call.missing.map((entry) => entry.reason)).toContain(reason)
    expect(answer.pre_call.duration_ms).toBeLessThan(1_000)
  })

  test('learns nothing that its workflow did not declare (P3)', async () => {
    expect((await call(FROM)).parameters).not.toHaveProperty('secret')
  })

  test('goes to another agent when the workflow says so, with that agent’s prompt', async () => {
    const answer = await call('+15550100006')
    expect(answer.outcome.type).toBe('route')
    expect(answer.agent).toMatchObject({ name: 'Nurse', prompt: 'You are the nurse of friend' })
    expect(answer.call.agent_name).toBe('Nurse')
  })

  test('is not transferred to a number that is not the workspace’s (B5, C11)', async () => {
    const answer = await call('+15550100007')
    expect(answer.outcome).toEqual({ type: 'continue' })
    expect(answer.pre_call.missing).toContainEqual(
      expect.objectContaining({ name: 'transfer', reason: 'invalid' }),
    )
  })

  test.each(['anonymous', 'sip:ada@example.com', 'Restricted', ''])(
    'from %j goes on (C10)',
    async (from) => {
      const answer = await call(from)
      expect(answer.call).toMatchObject({ from_number: from, from_number_e164: null })
    },
  )

  test('to a number without an agent is refused, and recorded', async () => {
    const { id } = await server.client.call('createNumber', { body: { number: '+15550100950' } })
    const answer = await server.send('/calls/inbound', {
      method: 'POST',
      body: JSON.stringify({ from_number: FROM, to_number: '+15550100950' }),
    })
    expect(await answer.json()).toMatchObject({ status: 422, code: 'no_agent_assigned' })
    await server.client.call('deleteNumber', { params: { id } })
    const recorded = async () => {
      const { calls } = await server.client.call('listCalls', {
        query: { to_number: '+15550100950' },
      })
      return calls
    }
    await expect
      .poll(recorded)
      .toMatchObject([{ status: 'rejected', flags: ['no_agent_assigned'] }])
  })

  test('twice with one Idempotency-Key is one call; with another body it is refused', async () => {
    const send = (from: string) =>
      server.send('/calls/inbound', {
        method: 'POST',
        headers: { 'idempotency-key': 'carrier-1' },
        body: JSON.stringify({ from_number: from, to_number: NUMBER }),
      })
    const [first, second] = await Promise.all([send(FROM), send(FROM)])
    expect(await second.json()).toEqual(await first.json())
    const other = await send('+15550100002')
    expect(await other.json()).toMatchObject({ status: 409, code: 'idempotency_conflict' })
  })
})

describe('an endpoint elsewhere', () => {
  let endpoint: Server
  const asked: { headers: IncomingMessage['headers']; body: unknown }[] = []
  let reply: (response: ServerResponse) => void

  beforeAll(async () => {
    endpoint = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk) => (text += String(chunk)))
      request.on('end', () => {
        asked.push({ headers: request.headers, body: JSON.parse(text) })
        reply(response)
      })
    })
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
    const { port } = endpoint.address() as AddressInfo
    await server.client.call('updateAgent', {
      params: { id: agentId },
      body: {
        pre_call_webhook_url: `http://127.0.0.1:${port}/pre-call`,
        pre_call_webhook_auth_token: 'the-token-of-this-endpoint',
      },
    })
  })
  afterAll(() => endpoint.closeAllConnections())
  afterEach(() => void asked.splice(0))

  const json = (body: string) => (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)

  test('is asked with its token and a signature, and told what the contract says', async () => {
    reply = json('{"parameters":{"customer_name":"Grace"}}')
    const answer = await call(FROM, { attestation: 'A' })
    expect(answer.agent.first_message).toBe('Hi Grace!')
    expect(asked).toHaveLength(1)
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer the-token-of-this-endpoint',
      'webhook-id': answer.call.uuid,
      'webhook-signature': expect.stringMatching(/^v1,/),
    })
    const { secret } = await server.client.call('getSigningSecret', {})
    const signed = asked[0]?.headers as Record<string, string>
    expect(new Webhook(secret).verify(JSON.stringify(asked[0]?.body), signed)).toEqual(
      asked[0]?.body,
    )
    expect(asked[0]?.body).toEqual({
      call: {
        from_number: FROM,
        to_number: NUMBER,
        direction: 'inbound',
        timestamp: expect.any(String),
        id: answer.call.uuid,
        attestation: 'A',
      },
      agent: { id: agentId, name: 'Front' },
    })
  })

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['hangs', () => undefined, 'timeout'],
    ['drips', (response) => void response.writeHead(200).write('{'), 'timeout'],
    ['hangs up', (response) => void response.destroy(), 'connect_failed'],
    ['says 500', (response) => void response.writeHead(500).end(), 'http_status'],
    [
      'redirects',
      (response) => void response.writeHead(302, { location: '/' }).end(),
      'redirected',
    ],
    ['speaks no JSON', json('<html>'), 'not_json'],
    ['sends a list', json('[1]'), 'no_parameters'],
    [
      'reaches for a prototype',
      json('{"parameters":{"__proto__":{"isVip":true}}}'),
      'invalid_response',
    ],
    ['sends too much', json(`{"a":"${'x'.repeat(70_000)}"}`), 'too_large'],
  ])('that %s costs its parameters, never the call (P1, B4)', async (_, replied, failure) => {
    reply = replied
    const answer = await call(FROM)
    expect(answer.parameters).toEqual({ plan: 'unknown', customer_name: 'you' })
    expect(answer.pre_call).toMatchObject({ status: 'fallback', failure })
    expect(answer.pre_call.duration_ms).toBeLessThan(1_000)
    expect(({} as Record<string, unknown>)['isVip']).toBeUndefined()
  })

  test('loses its token when the agent is pointed elsewhere (A17)', async () => {
    const agent = await server.client.call('getAgent', { params: { id: agentId } })
    expect(agent.pre_call_webhook_auth_token).toBe('••••oint')
    const moved = await server.client.call('updateAgent', {
      params: { id: agentId },
      body: { pre_call_webhook_url: 'http://127.0.0.2:1/elsewhere' },
    })
    expect(moved.pre_call_webhook_auth_token).toBeNull()
    expect(
      await query(server.database, 'select auth_token from bookend.agents where id = $1', [
        agentId,
      ]),
    ).toEqual([{ auth_token: null }])
  })

  test('that nobody listens at is refused at once', async () => {
    const answer = await call(FROM)
    expect(answer.pre_call).toMatchObject({ status: 'fallback', failure: 'connect_failed' })
  })
})
