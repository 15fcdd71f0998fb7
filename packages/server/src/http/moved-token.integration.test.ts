// A stored token goes only where it was entered for (threat A17).

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

const NUMBER = '+15550100900'
const TOKEN = 'the-token-of-this-endpoint'
const HOME = 'http://hooks.example.com:8080/pre-call'

let server: TestServer
let agentId: string
const sent: (string | undefined)[] = []
const attacker = createServer((request, response) => {
  sent.push(request.headers.authorization)
  response.end('{}')
})

beforeAll(async () => {
  server = await testServer()
  await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve))
  const agent = await server.client.call('createAgent', { body: { name: 'Front' } })
  agentId = agent.id
  const { id } = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', { params: { id }, body: { agent_uuid: agentId } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  attacker.closeAllConnections()
  attacker.close()
})

const update = (body: object) =>
  server.client.call('updateAgent', { params: { id: agentId }, body })

beforeEach(async () => {
  await update({
    pre_call_webhook_url: HOME,
    pre_call_webhook_auth_token: TOKEN,
    pre_call_webhook_enabled: true,
  })
})

describe('the token of an endpoint', () => {
  test.each([
    ['another scheme', 'https://hooks.example.com:8080/pre-call'],
    ['another port', 'http://hooks.example.com:8081/pre-call'],
    ['the port of the scheme', 'http://hooks.example.com/pre-call'],
    ['another host', 'http://hooks.example.org:8080/pre-call'],
    ['a host below', 'http://a.hooks.example.com:8080/pre-call'],
    ['a workflow here', 'workflow:intake'],
    ['nowhere', null],
  ])('is forgotten when it is moved to %s (A17)', async (_where, url) => {
    const moved = await update({ pre_call_webhook_url: url })
    expect(moved.pre_call_webhook_auth_token).toBeNull()
    const back = await update({ pre_call_webhook_url: HOME })
    expect(back.pre_call_webhook_auth_token).toBeNull()
  })

  test.each([
    ['another path', 'http://hooks.example.com:8080/v2?a=b'],
    ['another spelling', 'http://HOOKS.example.com:8080/pre-call'],
    ['the same', HOME],
  ])('stays when it is moved to %s', async (_where, url) => {
    const moved = await update({ pre_call_webhook_url: url })
    expect(moved.pre_call_webhook_auth_token).toBe('••••oint')
  })

  test('stays when something else is changed, and moves when it is entered again', async () => {
    expect((await update({ name: 'Desk' })).pre_call_webhook_auth_token).toBe('••••oint')
    const moved = await update({
      pre_call_webhook_url: 'https://hooks.example.org/',
      pre_call_webhook_auth_token: 'entered-again-for-there',
    })
    expect(moved.pre_call_webhook_auth_token).toBe('••••here')
  })

  test('is never read back: its last four characters, and none of a short one (E6)', async () => {
    const short = await update({ pre_call_webhook_auth_token: 'short' })
    expect(short.pre_call_webhook_auth_token).toBe('••••')
    const written = await update({ pre_call_webhook_auth_token: TOKEN })
    const { agents } = await server.client.call('listAgents', { query: {} })
    const read = await server.client.call('getAgent', { params: { id: agentId } })
    for (const agent of [written, read, ...agents]) {
      expect(agent.pre_call_webhook_auth_token).toBe('••••oint')
    }
    expect(JSON.stringify([written, read, agents])).not.toContain(TOKEN)
  })

  test('is not sent to whom the agent was pointed at (A17)', async () => {
    const { port } = attacker.address() as AddressInfo
    await update({ pre_call_webhook_url: `http://127.0.0.1:${port}/` })
    await server.client.call('inboundCall', {
      body: { from_number: '+15550100001', to_number: NUMBER },
    })
    expect(sent).toEqual([undefined])
  })
})
