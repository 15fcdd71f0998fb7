// What is another workspace's is not there: the same answer, byte for byte, as for what never was
// (I5, threats C13, E3).

import { routeList } from '@bookend/contract'
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
  const { call } = await client.call('inboundCall', {
    body: { from_number: 'anonymous', to_number: '+15550100900' },
  })
  const source = 'workflow: mine\non: pre-call\nrespond: { parameters: {} }'
  await client.call('publishWorkflow', { params: { name: 'mine' }, body: { source } })
  const { delivery_id: delivery, event_id: event } = await client.call('testWebhook', {
    params: { endpoint_id: webhook.id },
  })
  const { id: key } = await client.call('createKey', { body: { scopes: ['read'] } })
  const { id: person } = await client.call('createPerson', {
    body: { name: 'Ben', email: 'ben@clinic.example', role: 'viewer' },
  })
  Object.assign(ids, { agent: agent.id, number: number.id, webhook: webhook.id, call: call.uuid })
  Object.assign(ids, { workflow: 'mine', event })
  Object.assign(ids, { key, person, delivery, handoff: HANDOFF, journey: HANDOFF, run: HANDOFF })
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
  await query(
    server.database,
    `insert into bookend.scheduled_calls (workspace_id, id, to_number, agent, due_at)
     values ($1, $2, '+15550100001', 'front', now() + '1 hour')`,
    [OWN, HANDOFF],
  )
})
afterAll(() => server[Symbol.asyncDispose]())

/** By the first word of the path: what has tests of its own, or is the same for every workspace. */
const ELSEWHERE: ReadonlySet<string> = new Set(['connections', 'connectors', 'platforms'])
/** What may be done with a name that is not there yet. */
const ABSENT: ReadonlySet<string> = new Set([
  'publishWorkflow',
  'checkWorkflow',
  'pauseWorkflow',
  'resumeWorkflow',
])
const KINDS: Readonly<Record<string, string>> = {
  agents: 'agent',
  numbers: 'number',
  calls: 'call',
  webhooks: 'webhook',
  workflows: 'workflow',
  deliveries: 'delivery',
  events: 'event',
  runs: 'run',
  handoffs: 'handoff',
  scheduled_calls: 'handoff',
  keys: 'key',
  people: 'person',
}
const BODIES: Readonly<Record<string, object>> = {
  updateAgent: { name: 'mine' },
  assignAgent: { agent_uuid: null },
  tagCall: { tags: ['mine'] },
  analyzeCall: {},
  appendTranscript: { entries: [{ sequence: 0, role: 'user', text: 'x' }] },
  simulateWorkflow: { from_number: 'x', to_number: 'y' },
  updatePerson: { team: 'mine' },
  updateWebhook: { enabled: false },
  replayWebhook: { since: '2026-01-01T00:00:00Z' },
  resolveStep: { it: 'was_done' },
  answerHandoff: { answer: {} },
  reassignHandoff: { assign: null },
  snoozeHandoff: { until: null },
}
const kindOf = (path: string): string => path.split('/')[1] ?? ''
const byId = routeList.filter(({ path }) => path.includes('{'))

test('every route that takes an id is tried here, or by its owner (E3)', () => {
  const unknown = byId
    .map(({ path }) => kindOf(path))
    .filter((kind) => !(kind in KINDS) && !ELSEWHERE.has(kind))
  expect(unknown).toEqual([])
})

test.each(
  byId
    .filter(({ path, name }) => kindOf(path) in KINDS && !ABSENT.has(name))
    .map(({ name, method, path, body }) => [name, method, path, body !== undefined] as const),
)('%s of another workspace is not there: %s %s (E3, C13)', async (name, method, path, hasBody) => {
  const kind = KINDS[kindOf(path)] ?? ''
  const isOperation = kind === 'run' && method !== 'GET'
  const own = ids[isOperation ? 'journey' : kind] ?? ''
  const ask = async (id: string) => {
    const answer = await server.send(
      path
        .replace('/steps/{name}', '/steps/ask')
        .replace('{version}', 'v1')
        .replace(/\{\w+\}/, id),
      {
        method,
        key: stranger.key,
        body: hasBody ? JSON.stringify(BODIES[name] ?? {}) : null,
      },
    )
    const { request_id, ...problem } = (await answer.json()) as Record<string, unknown>
    return { status: answer.status, problem, headers: namesOf(answer) }
  }
  expect(own).not.toBe('')
  const theirs = await ask(own)
  expect(theirs.status).toBe(404)
  expect(theirs).toEqual(await ask(kind === 'key' ? 'a'.repeat(12) : NEVER))
})

const namesOf = ({ headers }: Response): readonly string[] => [...headers.keys()]

const LISTS = [
  '/agents',
  '/workflows',
  '/numbers',
  '/calls',
  '/webhooks',
  '/deliveries',
  '/events',
  '/runs',
  '/handoffs',
]

test('lists hold nothing of another workspace (E3)', async () => {
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
