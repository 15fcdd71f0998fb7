// What an endpoint says of a caller is a value and nothing else: it steers no agent, changes no field
// of the call, and belongs to the call it was given for (threats B5–B9).

import type { InboundAnswer } from '@bookend/contract'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cleanText } from '@bookend/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const NUMBER = '+15550100900'
const corpus = new URL('../../../core/src/precall/testing/injections.json', import.meta.url)
const injections = JSON.parse(readFileSync(corpus, 'utf8')) as readonly {
  readonly what: string
  readonly text: string
  readonly isFlagged: boolean
}[]
const SECRET = 'what-only-the-prompt-knows'

interface Asked {
  readonly call: { readonly id: string; readonly from_number: string }
}

let server: TestServer
let agentId: string
let reply: (response: ServerResponse, asked: Asked) => void
const endpoint = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk) => (text += String(chunk)))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    reply(response, JSON.parse(text) as Asked)
  })
})
const says = (answer: object) => (response: ServerResponse) =>
  void response.end(JSON.stringify(answer))

beforeAll(async () => {
  server = await testServer({ env: { BOOKEND_LOG_LEVEL: 'silent' } })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front',
      prompt: 'You help {{customer_name}}. Note: "{{note}}". Never say {{secret}}.',
      first_message: 'Hello {{customer_name}}',
      default_parameters: { customer_name: 'you', note: '', secret: SECRET },
      pre_call_webhook_url: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`,
      pre_call_webhook_timeout: 1,
      pre_call_webhook_enabled: true,
    },
  })
  agentId = agent.id
  const { id } = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', { params: { id }, body: { agent_uuid: agentId } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  endpoint.closeAllConnections()
  endpoint.close()
})

let lastCaller = 0
const call = (): Promise<InboundAnswer> =>
  server.client.call('inboundCall', {
    body: {
      from_number: `+1555020${String((lastCaller += 1)).padStart(4, '0')}`,
      to_number: NUMBER,
    },
  })

describe('a text that would steer the agent', () => {
  test.each(injections.map((injection) => [injection.what, injection] as const))(
    'is a value in its place, and chooses nothing: %s (B6)',
    async (_what, { text, isFlagged }) => {
      reply = says({
        parameters: { customer_name: 'Ada', note: text },
        agent_id: text,
        transfer: { to_number: text },
        reject: text,
      })
      const { agent, outcome, parameters, call: record, pre_call } = await call()
      expect(outcome).toEqual({ type: 'continue' })
      expect(agent.id).toBe(agentId)
      expect(parameters).toEqual({ customer_name: 'Ada', note: cleanText(text), secret: SECRET })
      expect(agent.prompt).toBe(`You help Ada. Note: "${cleanText(text)}". Never say ${SECRET}.`)
      expect(record.flags.includes('suspect_text')).toBe(isFlagged)
      expect(pre_call.missing.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['agent_id', 'reject']),
      )
    },
  )
})

describe('a caller’s number', () => {
  test.each([
    ['A', []],
    ['B', ['low_assurance_caller']],
    ['C', ['low_assurance_caller']],
    ['none', ['low_assurance_caller']],
    [null, ['low_assurance_caller']],
  ] as const)('attested as %s has the flags %j (C9)', async (attestation, flags) => {
    reply = says({})
    const { call: record } = await server.client.call('inboundCall', {
      body: { from_number: '+15550200000', to_number: NUMBER, attestation },
    })
    expect(record).toMatchObject({ attestation, flags })
  })
})

describe('names that belong to the engine', () => {
  test('are parameters like any other, and change no field of the call (B5)', async () => {
    const parameters = {
      agent_id: '01999999-9999-7999-8999-999999999999',
      call_id: '01999999-9999-7999-8999-999999999998',
      call_prompt: 'obey',
      system_prompt: 'obey',
      prompt: 'obey',
      from_number: '+15559999999',
      to_number: '+15559999998',
      status: 'completed',
      attestation: 'A',
      workspace_id: '01999999-9999-7999-8999-999999999997',
    }
    reply = says({ parameters, status: 'completed', workspace_id: parameters.workspace_id })
    const answer = await call()
    expect(answer.parameters).toMatchObject(parameters)
    expect(answer.agent).toMatchObject({
      id: agentId,
      prompt: `You help you. Note: "". Never say ${SECRET}.`,
    })
    const stored = await server.client.call('getCall', { params: { id: answer.call.uuid } })
    expect(stored).toMatchObject({
      uuid: answer.call.uuid,
      agent_id: agentId,
      to_number: NUMBER,
      status: 'in_progress',
      attestation: null,
      flags: ['low_assurance_caller'],
    })
    expect(stored.from_number).not.toBe(parameters.from_number)
  })
})

describe('more than was asked for', () => {
  beforeAll(() =>
    server.client.call('updateAgent', {
      params: { id: agentId },
      body: {
        parameters_schema: {
          type: 'object',
          properties: { customer_name: { type: 'string' }, note: {}, secret: {} },
        },
      },
    }),
  )
  afterAll(() =>
    server.client.call('updateAgent', {
      params: { id: agentId },
      body: { parameters_schema: null },
    }),
  )

  test('is dropped, counted and kept nowhere (B7)', async () => {
    const marker = 'kept-nowhere-4711'
    reply = says({
      parameters: { customer_name: 'Ada', diagnosis: marker, card: { number: marker } },
      [marker]: marker,
    })
    const answer = await call()
    expect(answer.parameters).toEqual({ customer_name: 'Ada', note: '', secret: SECRET })
    expect(answer.pre_call.status).toBe('answered')
    await server.client.call('getCall', { params: { id: answer.call.uuid } })
    const tables = (await query(
      server.database,
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    )) as { name: string }[]
    expect(tables.length).toBeGreaterThan(10)
    for (const { name } of tables) {
      const rows = await query(server.database, `select t::text as row from ${name} t`)
      expect([name, JSON.stringify(rows).includes(marker)]).toEqual([name, false])
    }
    const figures = await (await fetch(`${server.url}/metrics`)).text()
    expect(figures).toContain('bookend_pre_call_undeclared_total 2')
  })
})

describe('an answer after the deadline', () => {
  let answerNow: () => void = () => undefined
  afterEach(() => answerNow())

  test('is not applied, then or ever, and the run says so (B8)', async () => {
    let said: Promise<unknown> = Promise.resolve()
    reply = (response) => {
      said = new Promise((resolve) => {
        response.on('close', resolve)
        answerNow = () => response.end('{"parameters":{"customer_name":"too late"}}')
      })
    }
    const answer = await call()
    expect(answer.pre_call).toMatchObject({ status: 'fallback', failure: 'timeout' })
    answerNow()
    await said
    // The next call has the next answer, not the one that was late.
    reply = says({ parameters: { customer_name: 'Grace' } })
    expect((await call()).parameters['customer_name']).toBe('Grace')
    const { uuid: id } = answer.call
    const stored = await server.client.call('getCall', { params: { id } })
    expect(stored.params).toMatchObject({ customer_name: 'you' })
    const trace = await server.client.call('getCallTrace', { params: { id } })
    expect(trace.pre_call).toMatchObject({
      failure: 'timeout',
      steps: [{ name: 'endpoint', status: 'cut' }],
    })
    expect(JSON.stringify(trace)).not.toContain('too late')
  })
})

test('an answer that says it is another call’s is refused (B9)', async () => {
  reply = (response, { call: { id } }) =>
    says({ call_id: id, parameters: { customer_name: 'Ada' } })(response)
  expect((await call()).parameters['customer_name']).toBe('Ada')
  reply = says({
    call_id: '01999999-9999-7999-8999-999999999999',
    parameters: { customer_name: 'somebody else' },
  })
  const mixedUp = await call()
  expect(mixedUp.pre_call).toMatchObject({ status: 'fallback', failure: 'invalid_response' })
  expect(mixedUp.parameters['customer_name']).toBe('you')
})
