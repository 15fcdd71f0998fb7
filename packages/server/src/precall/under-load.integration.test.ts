// Calls over HTTP while the systems behind them are slow, failing, or too many at once.

import type { InboundAnswer, PreCallAnswer, PrefetchAnswer, RunStep } from '@bookend/contract'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

const config = `
export default ({ env }) => ({
  connections: {
    'http/crm': { settings: { base_url: env.DESK_URL }, auth: { kind: 'bearer', token: 'crm' } },
    'http/flaky': { settings: { base_url: env.DESK_URL }, auth: { kind: 'bearer', token: 'flaky' } },
  },
})
`
const intake = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('intake', {
  connections: { crm: 'http/crm' },
  parameters: z.object({ customer_name: z.string(), note: z.string() }),
  fallback: { customer_name: 'there', note: 'none' },
  async run({ call, step, connections: { crm } }) {
    const ask = async (what) => (await crm.request.get({ path: [what, call.from_number] })).body.text
    const [customer_name, note] = await Promise.all([
      step('contact', () => ask('contacts'), { cache: '10m', default: 'friend' }),
      step('note', () => ask('notes'), { default: 'no note' }),
    ])
    return { parameters: { customer_name, note } }
  },
})
`
const flaky = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('flaky', {
  connections: { desk: 'http/flaky' },
  parameters: z.object({ tickets: z.string() }),
  fallback: { tickets: 'none' },
  async run({ step, connections: { desk } }) {
    const tickets = await step('tickets', async () => (await desk.request.get({ path: ['flaky'] })).body.text, { default: 'unknown' })
    return { parameters: { tickets } }
  },
})
`

let desk: Server
let server: TestServer
let asked: string[] = []
const held: ServerResponse[] = []
let isHolding = false
const agents: Record<'intake' | 'flaky' | 'remote', { id: string; number: string }> = {
  intake: { id: '', number: '+15550100901' },
  flaky: { id: '', number: '+15550100902' },
  remote: { id: '', number: '+15550100903' },
}

const release = (): void => {
  isHolding = false
  for (const response of held.splice(0)) response.end('{"text":"late"}')
}

beforeAll(async () => {
  desk = createServer((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ''))
    response.setHeader('content-type', 'application/json')
    if (request.url === '/flaky' || request.url === '/endpoint') response.statusCode = 503
    if (isHolding) held.push(response)
    else response.end(JSON.stringify({ text: `answer ${asked.length}` }))
  })
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`
  server = await testServer({
    workflows: {
      '../bookend.config.ts': config,
      'intake.pre-call.ts': intake,
      'flaky.pre-call.ts': flaky,
    },
    env: { DESK_URL: url, BOOKEND_MAX_CALLS_IN_FLIGHT: '2' },
  })
  const targets = {
    intake: 'workflow:intake',
    flaky: 'workflow:flaky',
    remote: `${url}/endpoint`,
  } as const
  for (const [name, target] of Object.entries(targets) as [keyof typeof targets, string][]) {
    const agent = await server.client.call('createAgent', {
      body: {
        name,
        prompt: 'Hello {{customer_name}}',
        default_parameters: { customer_name: 'you' },
        pre_call_webhook_url: target,
        pre_call_webhook_timeout: 5,
        pre_call_webhook_enabled: true,
      },
    })
    agents[name].id = agent.id
    const number = await server.client.call('createNumber', {
      body: { number: agents[name].number },
    })
    await server.client.call('assignAgent', {
      params: { id: number.id },
      body: { agent_uuid: agent.id },
    })
  }
})
afterAll(async () => {
  release()
  await server[Symbol.asyncDispose]()
  desk.closeAllConnections()
  desk.close()
})

let lastCaller = 0
const someone = (): string => `+1555020${(lastCaller += 1).toString().padStart(4, '0')}`

const call = (to: keyof typeof agents, from = someone()): Promise<InboundAnswer> =>
  server.client.call('inboundCall', { body: { from_number: from, to_number: agents[to].number } })

/** Asking for the call waits until it is stored. */
async function stepsOf({ call: { uuid }, pre_call }: InboundAnswer): Promise<readonly RunStep[]> {
  await server.client.call('getCall', { params: { id: uuid } })
  const run = await server.client.call('getRun', { params: { id: pre_call.run_id ?? '' } })
  return run.steps
}

const prefetch = (agentId: string, from: string): Promise<PrefetchAnswer> =>
  server.client.call('prefetchCaller', { body: { agent_id: agentId, from_number: from } })

const metrics = async (): Promise<string> => await (await fetch(`${server.url}/metrics`)).text()

describe('a caller who calls again', () => {
  test('is known from the cache, and the run says so', async () => {
    const from = someone()
    const first = await call('intake', from)
    const second = await call('intake', from)
    expect(second.parameters['customer_name']).toBe(first.parameters['customer_name'])
    expect(second.parameters['note']).not.toBe(first.parameters['note'])
    const seen = [await stepsOf(first), await stepsOf(second)].map((steps) =>
      steps.map(({ name, status, cache }) => [name, status, cache]),
    )
    expect(seen).toEqual([
      [
        ['contact', 'ok', 'miss'],
        ['note', 'ok', null],
      ],
      [
        ['contact', 'cached', 'fresh'],
        ['note', 'ok', null],
      ],
    ])
    expect(await metrics()).toMatch(/bookend_cache_entries [1-9]/)
  })
})

describe('a workflow that others ask', () => {
  test('has the same cache', async () => {
    const from = someone()
    const first = await call('intake', from)
    const { token } = await server.client.call('rotateWorkflowToken', {
      params: { name: 'intake' },
    })
    asked = []
    const answer = await fetch(`${server.url}/workflows/intake/pre-call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ call: { from_number: from, to_number: '+15550109999' } }),
    })
    const { parameters } = (await answer.json()) as PreCallAnswer
    expect(parameters['customer_name']).toBe(first.parameters['customer_name'])
    expect(asked).toEqual([`/notes/${from}`])
  })
})

describe('a call that is announced', () => {
  test('finds what goes to the cache looked up, and only that (W2)', async () => {
    const from = someone()
    asked = []
    expect(await prefetch(agents.intake.id, from)).toEqual({ status: 'started' })
    await expect.poll(() => asked).toEqual([`/contacts/${from}`])
    await expect
      .poll(async () => (await stepsOf(await call('intake', from)))[0]?.cache)
      .toBe('fresh')
  })

  test('leaves no call and no run behind (W1)', async () => {
    const before = await server.client.call('listRuns', { query: {} })
    const from = someone()
    asked = []
    await prefetch(agents.intake.id, from)
    await expect.poll(() => asked.length).toBe(1)
    const after = await server.client.call('listRuns', { query: {} })
    expect(after.runs.map(({ id }) => id)).toEqual(before.runs.map(({ id }) => id))
  })

  test('has nothing to warm, when its agent asks no workflow here', async () => {
    expect(await prefetch(agents.remote.id, someone())).toEqual({ status: 'nothing_to_warm' })
  })

  test('is refused for an agent that is not of this workspace', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000'
    await expect(prefetch(nobody, someone())).rejects.toThrow('not an agent of this workspace')
  })

  test('waits for its turn to be a call, when many are announced at once (W3)', async () => {
    isHolding = true
    const statuses = await Promise.all(
      Array.from({ length: 9 }, () => prefetch(agents.intake.id, someone())),
    )
    expect(statuses.filter(({ status }) => status === 'busy')).toHaveLength(1)
    await expect.poll(() => held.length).toBe(8)
    release()
    const next = someone()
    await expect.poll(async () => (await prefetch(agents.intake.id, next)).status).toBe('started')
    await expect.poll(() => asked).toContain(`/contacts/${next}`)
  })
})

describe('more calls at once than there is room for', () => {
  test('are answered at once, with the fallback', async () => {
    isHolding = true
    const waiting = [call('intake'), call('intake')]
    await expect.poll(() => held.length).toBe(4)
    const before = performance.now()
    const shed = await call('intake')
    expect(performance.now() - before).toBeLessThan(3_000)
    expect(shed.parameters).toMatchObject({ customer_name: 'there', note: 'none' })
    expect(shed.pre_call).toMatchObject({ status: 'fallback', failure: 'overloaded' })
    expect(shed.pre_call.missing).toContainEqual({ name: 'note', reason: 'skipped', step: null })
    const remote = await call('remote')
    expect(remote.pre_call).toMatchObject({ status: 'fallback', failure: 'overloaded' })
    expect(await prefetch(agents.intake.id, someone())).toEqual({ status: 'busy' })
    expect(await metrics()).toContain('bookend_pre_call_shed_total 2')
    release()
    const answers = await Promise.all(waiting)
    expect(answers.map(({ pre_call }) => pre_call.status)).toEqual(['answered', 'answered'])
    expect((await call('intake')).pre_call.status).toBe('answered')
    expect(await metrics()).toContain('bookend_pre_call_in_flight 0')
  })
})

describe('a system that keeps failing (F18)', () => {
  test('is left alone behind its connection, and the calls say why', async () => {
    for (let nth = 0; nth < 5; nth += 1) await call('flaky')
    asked = []
    const answer = await call('flaky')
    expect(asked).toEqual([])
    expect(answer.parameters['tickets']).toBe('unknown')
    expect(answer.pre_call.missing).toContainEqual({
      name: 'tickets',
      reason: 'circuit_open',
      step: 'tickets',
    })
    expect(await stepsOf(answer)).toMatchObject([
      { status: 'not_started', connection: 'http/flaky' },
    ])
    expect((await call('intake')).pre_call.status).toBe('answered')
    expect(await metrics()).toContain('bookend_circuits{kind="connection",state="open"} 1')
  })

  test('is left alone behind its endpoint, and the fallback is sent at once', async () => {
    for (let nth = 0; nth < 5; nth += 1) {
      expect((await call('remote')).pre_call.failure).toBe('http_status')
    }
    asked = []
    const answer = await call('remote')
    expect(asked).toEqual([])
    expect(answer.pre_call).toMatchObject({ status: 'fallback', failure: 'overloaded' })
    expect(answer.parameters['customer_name']).toBe('you')
    expect(await stepsOf(answer)).toMatchObject([{ name: 'endpoint', status: 'not_started' }])
    expect(await metrics()).toContain('bookend_circuit_opened_total{kind="endpoint"} 1')
  })
})
