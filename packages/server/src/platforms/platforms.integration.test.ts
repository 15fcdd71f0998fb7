import { loadFixture } from '@bookend/platforms/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'
import { platformBench } from '../testing/platform-bench.ts'

const workflow = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
let asked = 0
export default preCall('front-desk', {
  parameters: z.object({ customer_name: z.string(), asked: z.number().int() }),
  fallback: { customer_name: 'friend', asked: 0 },
  async run({ call }) {
    asked += 1
    return { parameters: { customer_name: call.from_number === '+447700900142' ? 'Mira' : 'Zoë', asked } }
  },
})
`
const journey = (name: string, on: string) => `
import { journey } from '@bookend/sdk'
export default journey('${name}', {
  on: '${on}',
  async run({ step, call }) {
    return { summary: call.summary, turns: call.transcripts.length, name: call.params.customer_name ?? null }
  },
})
`

let server: TestServer
let agentId: string
const retell = () => platformBench(server, 'retell', 'main', { api_key: 'retell-key' })

beforeAll(async () => {
  server = await testServer({
    workflows: {
      'front-desk.pre-call.ts': workflow,
      'ended.journey.ts': journey('ended', 'call.completed'),
      'analyzed.journey.ts': journey('analyzed', 'call.analyzed'),
    },
  })
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front desk',
      pre_call_webhook_url: 'workflow:front-desk',
      pre_call_webhook_enabled: true,
    },
  })
  agentId = agent.id
  await retell().connect({ agents: { agent_7f3a1c0e5d: agentId } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

let count = 0
const preCallBody = (callId: string | null, from = '+447700900142') =>
  JSON.stringify({
    event: 'call_inbound',
    call_inbound: {
      ...(callId === null ? {} : { call_id: callId }),
      agent_id: 'agent_7f3a1c0e5d',
      from_number: from,
      to_number: '+15550123',
    },
  })

const eventBody = (name: string, callId: string, more: object = {}) => {
  const { request } = loadFixture('retell', name)
  const body = JSON.parse(request?.body ?? '{}') as { call: object }
  const own = { call_id: callId, metadata: {}, ...more }
  return JSON.stringify({ ...body, call: { ...body.call, ...own } })
}
const someCall = () => `call_test_${(count += 1)}`

async function callOf(platformCallId: string) {
  return await server.client.call('findCallByAttribute', {
    query: { attribute: 'platform_call_id', value: platformCallId },
  })
}

describe('a platform that asks before a call', () => {
  test('is told what the workflow of its agent knows, in its own words', async () => {
    const answer = await retell().send({ door: 'pre-call', body: preCallBody(someCall()) })
    expect(answer.status).toBe(200)
    const told = (await answer.json()) as { call_inbound: { dynamic_variables: object } }
    expect(told.call_inbound.dynamic_variables).toMatchObject({ customer_name: 'Mira' })
  })

  test('gets the same answer again, byte for byte, while the same phone rings (M1)', async () => {
    const body = preCallBody(someCall())
    const [first, second] = await Promise.all([
      retell().send({ door: 'pre-call', body }),
      retell().send({ door: 'pre-call', body }),
    ])
    const third = await retell().send({ door: 'pre-call', body })
    const texts = await Promise.all([first, second, third].map((answer) => answer.text()))
    expect(new Set(texts).size).toBe(1)
    expect(third.headers.get('x-bookend-repeat')).toBe('1')
  })

  test('is refused with a body that is not what was signed, and nothing runs (V1)', async () => {
    const body = preCallBody(someCall())
    const headers = { 'x-retell-signature': `v=${Date.now()},d=${'0'.repeat(64)}` }
    const answer = await retell().send({ door: 'pre-call', body, headers })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' })
    const shown = await server.client.call('getPlatform', {
      params: { platform: 'retell', connection: 'main' },
    })
    expect(shown.pre_call.last_refused_why).toContain('signature')
    expect(shown.options).toEqual({ api_key: '••••' })
  })

  test('about an agent that stands for nobody is answered with nothing', async () => {
    const body = preCallBody(someCall()).replace('agent_7f3a1c0e5d', 'agent_unknown')
    const answer = await retell().send({ door: 'pre-call', body })
    expect(answer.status).toBe(200)
  })
})

describe('a call of a platform', () => {
  test('is one record of all its events, and starts each journey once', async () => {
    const id = someCall()
    const asked = await retell().send({ door: 'pre-call', body: preCallBody(id) })
    const told = (await asked.json()) as { call_inbound: { metadata: { bookend_run_id: string } } }
    const { metadata } = told.call_inbound
    for (const name of ['event.call_analyzed', 'event.call_started', 'event.call_ended']) {
      const body = eventBody(name, id, { metadata })
      for (const _ of [1, 2])
        expect((await retell().send({ door: 'events', body })).status).toBe(200)
    }
    const call = await callOf(id)
    expect(call).toMatchObject({
      status: 'completed',
      platform: 'retell',
      from_number: '+447700900142',
      agent_id: agentId,
      pre_call_run_id: metadata.bookend_run_id,
      params: { customer_name: 'Mira' },
    })
    expect(call.transcripts.length).toBeGreaterThan(1)
    const trace = await vi.waitFor(async () => {
      const found = await server.client.call('getCallTrace', { params: { id: call.uuid } })
      expect(found.journeys.map(({ status }) => status)).toEqual(['completed', 'completed'])
      return found
    }, 10_000)
    expect(trace.events.map(({ event_type: type }) => type).toSorted()).toEqual([
      'call.analyzed',
      'call.completed',
      'call.started',
    ])
    expect(trace.pre_call).toMatchObject({
      id: metadata.bookend_run_id,
      platform: { connection: 'retell/main', linked_by: 'echo', degraded: null },
    })
  })

  test('whose event nobody knows is acknowledged and kept as ignored', async () => {
    const id = someCall()
    const body = JSON.stringify({ event: 'call_paused', call: { call_id: id } })
    expect((await retell().send({ door: 'events', body })).status).toBe(200)
    const rows = await query(
      server.database,
      `select outcome, why from platform_deliveries where convert_from(body, 'UTF8') like '%${id}%'`,
    )
    expect(rows).toEqual([{ outcome: 'ignored', why: expect.stringContaining('call_paused') }])
  })
})
