// Hostile endpoints of many kinds at once, and honest ones between them, on one server: each call is
// answered inside its time with what is its own (threats A7, A11–A13, B1–B4, B9; P1).

import type { InboundAnswer } from '@bookend/contract'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveRaw, type RawServer } from '../outgoing/testing/servers.ts'
import { Opened } from '../opened.ts'
import { testServer, type TestServer } from '../testing/server.ts'
import { hostilities, PLANTED, type Hostility } from './testing/hostile-endpoints.ts'

const DEADLINE_S = 3
const ROUNDS = 3
const HONEST = 4
const TOKEN = 'token-that-goes-nowhere-else'

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)

let server: TestServer
let inside: RawServer
const opened = new Opened()
const hostile: { hostility: Hostility; number: string }[] = []
const honest = '+15550100900'
const honestServer = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk) => (text += String(chunk)))
  request.on('end', () => {
    const { call } = JSON.parse(text) as { call: { from_number: string } }
    const parameters = { customer_name: `caller ${call.from_number}` }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ parameters }))
  })
})

async function addAgent(number: string, url: string): Promise<void> {
  const { client } = server
  const agent = await client.call('createAgent', {
    body: {
      name: number,
      prompt: 'You help {{customer_name}}',
      default_parameters: { customer_name: 'you' },
      pre_call_webhook_url: url,
      pre_call_webhook_auth_token: TOKEN,
      pre_call_webhook_timeout: DEADLINE_S,
      pre_call_webhook_enabled: true,
    },
  })
  const { id } = await client.call('createNumber', { body: { number } })
  await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
}

beforeAll(async () => {
  process.on('unhandledRejection', note)
  server = opened.use(await testServer({ env: { BOOKEND_LOG_LEVEL: 'silent' } }))
  inside = opened.use(await serveRaw((socket) => void socket.end()))
  await new Promise<void>((resolve) => honestServer.listen(0, '127.0.0.1', resolve))
  await addAgent(honest, `http://127.0.0.1:${(honestServer.address() as AddressInfo).port}/`)
  for (const [index, hostility] of hostilities(`${inside.url}/metadata`).entries()) {
    const number = `+155501011${String(index).padStart(2, '0')}`
    const endpoint = opened.use(await serveRaw(hostility.talk))
    await addAgent(number, endpoint.url)
    hostile.push({ hostility, number })
  }
})
afterAll(async () => {
  await opened[Symbol.asyncDispose]()
  honestServer.closeAllConnections()
  honestServer.close()
  process.off('unhandledRejection', note)
})

interface Made {
  readonly from: string
  readonly answer: InboundAnswer
  readonly tookMs: number
}

let lastCaller = 0
async function call(number: string): Promise<Made> {
  const from = `+1555020${String((lastCaller += 1)).padStart(4, '0')}`
  const startedAt = performance.now()
  const body = { from_number: from, to_number: number }
  const answer = await server.client.call('inboundCall', { body })
  return { from, answer, tookMs: performance.now() - startedAt }
}

describe('calls at the same moment to endpoints of all kinds', () => {
  const made = new Map<string, Made[]>()
  const honestCalls: Made[] = []

  beforeAll(async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const hostileCalls = hostile.map(async ({ hostility, number }) => {
        const calls = made.get(hostility.what) ?? []
        made.set(hostility.what, calls)
        calls.push(await call(number))
      })
      const others = Array.from({ length: HONEST }, async () => {
        honestCalls.push(await call(honest))
      })
      await Promise.all([...hostileCalls, ...others])
    }
  })

  test('are at least twenty', () => {
    expect(hostile.length + HONEST).toBeGreaterThanOrEqual(20)
  })

  test('are all answered inside the agent’s time (P1)', () => {
    const all = [...made.values()].flat().concat(honestCalls)
    expect(all).toHaveLength((hostile.length + HONEST) * ROUNDS)
    for (const { answer, tookMs } of all) {
      expect(answer.pre_call.duration_ms).toBeLessThan(DEADLINE_S * 1_000)
      expect(tookMs).toBeLessThan(DEADLINE_S * 1_000)
    }
  })

  test('are told why they got nothing, and go on with their defaults (A11, A12, A13, B1, B2, B4)', () => {
    for (const { hostility } of hostile) {
      const { what, failure } = hostility
      for (const { answer } of made.get(what) ?? []) {
        expect([what, answer.pre_call.failure]).toEqual([what, failure])
        expect([what, answer.parameters['customer_name']]).toEqual([what, 'you'])
      }
    }
  })

  test('know nothing of each other (B9)', () => {
    for (const { from, answer } of honestCalls) {
      expect(answer.parameters).toEqual({ customer_name: `caller ${from}` })
      expect(answer.agent.prompt).toBe(`You help caller ${from}`)
    }
    const all = [...made.values()].flat().concat(honestCalls)
    expect(JSON.stringify(all)).not.toContain(PLANTED)
  })

  test('are told at most so many names, and of those that were dropped (B3)', () => {
    const [{ answer } = { answer: undefined }] = made.get('sends 6,000 names under the cap') ?? []
    expect(Object.keys(answer?.parameters ?? {})).toHaveLength(64)
    expect(answer?.pre_call.status).toBe('partial')
    expect(answer?.pre_call.missing.length).toBeLessThanOrEqual(65)
    expect(answer?.pre_call.missing.at(-1)?.detail).toMatch(/^\d+ more/)
  })

  test('lead nobody inside, with or without the token (A7)', () => {
    expect(inside.connections).toBe(0)
  })

  test('leave the process as it was', async () => {
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })
})
