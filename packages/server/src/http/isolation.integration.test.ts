// What is another workspace's is not there: the same answer, byte for byte, as for what never was
// (I5, threats C13).

import { createApiKey } from '@bookend/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const OWN = '01990000-0000-7000-8000-000000000000'
const OTHER = '01990000-0000-7000-8000-000000000001'
const HANDOFF = '01990000-0000-7000-8000-000000000002'
const NEVER = '01990000-0000-7000-8000-00000000dead'
const stranger = createApiKey()

let server: TestServer
const ids: Record<string, string> = {}

beforeAll(async () => {
  server = await testServer({
    env: { BOOKEND_LOG_LEVEL: 'silent' },
    async prepare(database) {
      // The older one is the server's own.
      for (const [id, name, createdAt] of [
        [OWN, 'Default', '2020-01-01'],
        [OTHER, 'Other', '2021-01-01'],
      ]) {
        await query(
          database,
          "insert into bookend.workspaces (id, name, signing_secret, created_at) values ($1, $2, '', $3)",
          [id, name, createdAt],
        )
      }
      await query(
        database,
        "insert into bookend.api_keys (workspace_id, id, label, scopes, hash) values ($1, $2, '', '{admin}', $3)",
        [OTHER, stranger.id, Buffer.from(stranger.hash)],
      )
    },
  })
  const { client } = server
  const agent = await client.call('createAgent', { body: { name: 'Front' } })
  const number = await client.call('createNumber', { body: { number: '+15550100900' } })
  const webhook = await client.call('createWebhook', { body: { url: 'http://127.0.0.1:1/' } })
  await client.call('assignAgent', { params: { id: number.id }, body: { agent_uuid: agent.id } })
  const { call, pre_call } = await client.call('inboundCall', {
    body: { from_number: 'anonymous', to_number: '+15550100900' },
  })
  const source = 'workflow: mine\non: pre-call\nrespond: { parameters: {} }'
  await client.call('publishWorkflow', { params: { name: 'mine' }, body: { source } })
  const { id: key } = await client.call('createKey', { body: { scopes: ['read'] } })
  Object.assign(ids, { agent: agent.id, number: number.id, webhook: webhook.id, call: call.uuid })
  Object.assign(ids, { workflow: 'mine' })
  Object.assign(ids, { run: pre_call.run_id ?? NEVER, key, handoff: HANDOFF, journey: HANDOFF })
  await query(
    server.database,
    `insert into bookend.runs (workspace_id, id, kind, workflow, version, status, event_id, started_at)
     values ($1, $2, 'journey', 'after', 'v1', 'failed', 'evt', now())`,
    [OWN, HANDOFF],
  )
  await query(
    server.database,
    `insert into bookend.handoffs (workspace_id, id, run_id, step, workflow, title, form, due_at)
     values ($1, $2, $2, 'ask', 'after', 'Call back?', '{"type":"object"}', now() + '1 hour')`,
    [OWN, HANDOFF],
  )
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([
  ['GET', '/agents/:agent', null],
  ['PATCH', '/agents/:agent', { name: 'mine' }],
  ['DELETE', '/agents/:agent', null],
  ['DELETE', '/numbers/:number', null],
  ['POST', '/numbers/:number/assign_agent', { agent_uuid: null }],
  ['GET', '/calls/:call', null],
  ['GET', '/calls/:call/trace', null],
  ['PATCH', '/calls/:call/tags', { tags: ['mine'] }],
  ['POST', '/calls/:call/transcript', { entries: [{ sequence: 0, role: 'user', text: 'x' }] }],
  ['POST', '/calls/:call/complete', {}],
  ['GET', '/webhooks/:webhook', null],
  ['PATCH', '/webhooks/:webhook', { enabled: false }],
  ['DELETE', '/webhooks/:webhook', null],
  ['GET', '/webhooks/:webhook/secret', null],
  ['GET', '/webhooks/:webhook/deliveries', null],
  ['POST', '/webhooks/:webhook/dead/resend', {}],
  ['GET', '/workflows/:workflow', null],
  ['DELETE', '/workflows/:workflow', null],
  ['GET', '/workflows/:workflow/versions', null],
  ['POST', '/workflows/:workflow/simulate', { from_number: 'x', to_number: 'y' }],
  ['POST', '/workflows/:workflow/token/rotate', null],
  ['GET', '/runs/:run', null],
  ['POST', '/runs/:journey/cancel', null],
  ['POST', '/runs/:journey/retry', null],
  ['POST', '/runs/:journey/replay', {}],
  ['POST', '/runs/:journey/steps/ask/resolve', { it: 'was_done' }],
  ['GET', '/handoffs/:handoff', null],
  ['POST', '/handoffs/:handoff/claim', {}],
  ['POST', '/handoffs/:handoff/answer', { answer: {} }],
  ['POST', '/handoffs/:handoff/reassign', { assign: null }],
  ['POST', '/handoffs/:handoff/snooze', { until: null }],
  ['DELETE', '/keys/:key', null],
])('%s %s of another workspace is not there', async (method, path, body) => {
  const ask = async (id: (name: string) => string) => {
    const answer = await server.send(
      path.replace(/:(\w+)/, (_, name: string) => id(name)),
      { method, key: stranger.key, body: body === null ? null : JSON.stringify(body) },
    )
    const { request_id, ...problem } = (await answer.json()) as Record<string, unknown>
    return { status: answer.status, problem }
  }
  const theirs = await ask((name) => ids[name] ?? '')
  expect(theirs.status).toBe(404)
  const never = await ask((name) => (name === 'key' ? 'a'.repeat(12) : NEVER))
  expect(theirs).toEqual(never)
})

const LISTS = [
  '/agents',
  '/workflows',
  '/numbers',
  '/calls',
  '/webhooks',
  '/deliveries',
  '/runs',
  '/handoffs',
]

test('lists hold nothing of another workspace', async () => {
  for (const path of LISTS) {
    const answer = await server.send(path, { key: stranger.key })
    const [[, rows]] = Object.entries((await answer.json()) as object) as [[string, unknown[]]]
    expect([path, rows]).toEqual([path, []])
  }
  const found = await server.send(
    '/calls/find_by_attribute?attribute=from_number&value=anonymous',
    {
      key: stranger.key,
    },
  )
  expect(found.status).toBe(404)
})

test('nobody publishes into the workspace whose workflows the server runs but itself', async () => {
  const answer = await server.send('/workflows/mine', {
    method: 'PUT',
    key: stranger.key,
    headers: { 'if-match': '*' },
    body: JSON.stringify({ source: 'workflow: mine\non: pre-call\nrespond: { parameters: {} }' }),
  })
  expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'forbidden' }])
})

test('another workspace’s agent cannot be assigned, and its number does not answer', async () => {
  const own = await server.send('/numbers', {
    method: 'POST',
    key: stranger.key,
    body: '{"number":"+15550100901"}',
  })
  const { id } = (await own.json()) as { id: string }
  const assigned = await server.send(`/numbers/${id}/assign_agent`, {
    method: 'POST',
    key: stranger.key,
    body: JSON.stringify({ agent_uuid: ids['agent'] }),
  })
  expect(assigned.status).toBe(404)
  const call = await server.send('/calls/inbound', {
    method: 'POST',
    key: stranger.key,
    body: '{"from_number":"x","to_number":"+15550100900"}',
  })
  expect(await call.json()).toMatchObject({ code: 'unknown_number' })
})
