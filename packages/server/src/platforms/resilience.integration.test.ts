// A connected platform while the database is away, and next to another workspace; and how its calls
// find what was worked out before them.

import { createApiKey } from '@bookend/core'
import { loadFixture } from '@bookend/platforms/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { platformBench } from '../testing/platform-bench.ts'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const workflow = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('front-desk', {
  parameters: z.object({ customer_name: z.string() }),
  fallback: { customer_name: 'friend' },
  run: async ({ call }) => {
    if (call.from_number === '+447700900199') throw new Error('the author’s fault')
    return { parameters: { customer_name: call.from_number, 'not a name': 1 }, say: 'We are closed' }
  },
})
`
const OTHER = '11111111-1111-4111-8111-111111111111'
const OWN = '00000000-0000-4000-8000-000000000001'
const other = createApiKey()
let server: TestServer
let agentId: string

beforeAll(async () => {
  server = await testServer({
    workflows: { 'front-desk.pre-call.ts': workflow },
    env: { BOOKEND_LOG_LEVEL: 'silent' },
    async prepare(database) {
      await query(
        database,
        `insert into bookend.workspaces (id, name, signing_secret, created_at)
         values ($1, 'a', '', '2020-01-01'), ($2, 'b', '', '2021-01-01')`,
        [OWN, OTHER],
      )
      await query(
        database,
        `insert into bookend.api_keys (workspace_id, id, label, scopes, hash)
         values ($1, $2, '', '{admin}', $3)`,
        [OTHER, other.id, Buffer.from(other.hash)],
      )
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
  await retell().connect({ default_agent_id: agentId })
})
afterAll(() => server[Symbol.asyncDispose]())

const retell = (name = 'main') => platformBench(server, 'retell', name, { api_key: 'retell-key' })
const params = { platform: 'retell', connection: 'main' } as const

let count = 0
const someone = () => `+4477009${String((count += 1)).padStart(5, '0')}`
const preCallBody = (from: string, callId?: string) =>
  JSON.stringify({
    event: 'call_inbound',
    call_inbound: { call_id: callId, from_number: from, to_number: '+15550123' },
  })

function endedBody(id: string, from: string, startedAt: Date): string {
  const { call } = JSON.parse(loadFixture('retell', 'event.call_ended').request?.body ?? '{}') as {
    call: object
  }
  const times = {
    start_timestamp: startedAt.getTime(),
    end_timestamp: startedAt.getTime() + 1_000,
  }
  const own = { call_id: id, from_number: from, metadata: {}, ...times }
  return JSON.stringify({ event: 'call_ended', call: { ...call, ...own } })
}

const callOf = (id: string) =>
  server.client.call('findCallByAttribute', {
    query: { attribute: 'platform_call_id', value: id },
  })

async function withoutDatabase<T>(run: () => Promise<T>): Promise<T> {
  const { database } = server.database.connection
  const admin = { url: server.database.url.replace(String(database), 'postgres') }
  await query(admin, `alter database ${database} with allow_connections false`)
  await query(admin, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    database,
  ])
  try {
    return await run()
  } finally {
    await query(admin, `alter database ${database} with allow_connections true`)
  }
}

describe('without the database', () => {
  test('a platform is answered, and its events are refused until they can be kept (V2, V3)', async () => {
    const from = someone()
    const id = `call_away_${from}`
    const ended = endedBody(id, from, new Date())
    const { answer, refused } = await withoutDatabase(async () => ({
      answer: await retell().send({ door: 'pre-call', body: preCallBody(from, id) }),
      refused: await retell().send({ door: 'events', body: ended }),
    }))
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain(from)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')

    await expect
      .poll(
        () =>
          retell()
            .send({ door: 'events', body: ended })
            .then(({ status }) => status),
        {
          timeout: 20_000,
        },
      )
      .toBe(200)
    // What was answered meanwhile is stored by and by; the next delivery finds it.
    await expect
      .poll(
        async () => {
          const body = ended.replace('call_ended', 'call_analyzed')
          await retell().send({ door: 'events', body })
          return (await callOf(id)).pre_call_run_id
        },
        { timeout: 20_000 },
      )
      .toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a call finds the run before it', () => {
  const linkOf = async (id: string) => {
    const call = await callOf(id)
    if (call.pre_call_run_id === null) return null
    return await server.client.call('getRun', { params: { id: call.pre_call_run_id } })
  }

  test('by the id of the call, and the run says what became of its outcome', async () => {
    const from = someone()
    const id = `call_id_${from}`
    await retell().send({ door: 'pre-call', body: preCallBody(from, id) })
    // At once: its run is still on its way to the database.
    await retell().send({ door: 'events', body: endedBody(id, from, new Date()) })
    await expect
      .poll(
        async () => {
          return (await linkOf(id))?.platform
        },
        { timeout: 15_000 },
      )
      .toMatchObject({
        connection: 'retell/main',
        linked_by: 'id',
        degraded: { wanted: 'say', sent: 'continue' },
      })
  })

  test('by its numbers and time, if only one run fits', async () => {
    const from = someone()
    await retell().send({ door: 'pre-call', body: preCallBody(from) })
    await expect.poll(() => runsFrom(from).then((runs) => runs.length), { timeout: 10_000 }).toBe(1)
    const id = `call_numbers_${from}`
    await retell().send({ door: 'events', body: endedBody(id, from, new Date()) })
    expect((await linkOf(id))?.platform?.linked_by).toBe('numbers')
    // The run has its call: another call between the two is not the same.
    const next = `call_next_${from}`
    await retell().send({ door: 'events', body: endedBody(next, from, new Date()) })
    expect(await linkOf(next)).toBeNull()
  })

  const runsFrom = (from: string) =>
    query(server.database, `select id from bookend.runs where platform ->> 'from_number' = $1`, [
      from,
    ])

  test('a workflow that throws leaves the platform with its fallback (P1)', async () => {
    const body = preCallBody('+447700900199')
    const answer = await retell().send({ door: 'pre-call', body })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('friend')
  })
})

describe('another workspace', () => {
  test('neither sees a platform nor can take its name or agent (C13)', async () => {
    const { key } = other
    const listed = await server.send('/platforms', { key })
    expect(await listed.json()).toEqual({ platforms: [] })
    expect((await server.send('/platforms/retell/main', { key })).status).toBe(404)
    const body = (name: string, more: object = {}) =>
      JSON.stringify({ platform: 'retell', name, options: { api_key: 'k' }, ...more })
    const taken = await server.send('/platforms', { method: 'POST', key, body: body('main') })
    expect(taken.status).toBe(409)
    const strange = body('theirs', { default_agent_id: agentId })
    const refused = await server.send('/platforms', { method: 'POST', key, body: strange })
    expect(refused.status).toBe(422)
  })
})

describe('the settings of a platform', () => {
  test('are merged, masked, validated by its adapter, and sealed', async () => {
    const wrong = await server.send('/platforms', {
      method: 'POST',
      body: JSON.stringify({ platform: 'retell', name: 'wrong', options: { api_kee: 'x' } }),
    })
    expect(wrong.status).toBe(422)
    const { errors } = (await wrong.json()) as { errors: { path: string }[] }
    expect(errors.map(({ path }) => path)).toEqual(['options.api_key', 'options.api_kee'])

    const secret = 'a-secret-of-some-length-3f2a'
    const body = { options: { api_key: secret, budget_ms: 3_000 } }
    const changed = await server.client.call('updatePlatform', { params, body })
    expect(changed).toMatchObject({
      version: 2,
      budget_ms: 3_000,
      options: { api_key: '••••3f2a', budget_ms: 3_000 },
    })
    const [row] = await query(
      server.database,
      'select options, options_shown from bookend.platforms',
    )
    expect(JSON.stringify(row)).not.toContain(secret)
    const bench = platformBench(server, 'retell', 'main', { api_key: secret })
    const answer = await bench.send({ door: 'pre-call', body: preCallBody(someone()) })
    expect(answer.status).toBe(200)
    const old = await retell().send({ door: 'pre-call', body: preCallBody(someone()) })
    expect(old.status).toBe(401)
    const back = { options: { api_key: 'retell-key', budget_ms: null } }
    const again = await server.client.call('updatePlatform', { params, body: back })
    expect(again.options).toEqual({ api_key: '••••' })
  })

  test('tell what is to be set there, without the key', async () => {
    const setUp = await server.client.call('getPlatformSetUp', { params })
    expect(setUp.steps.length).toBeGreaterThan(1)
    expect(JSON.stringify(setUp)).toContain('/platforms/retell/main/pre-call')
    expect(JSON.stringify(setUp)).not.toContain('retell-key')
  })

  test('are gone with the platform, whose address is then nobody’s', async () => {
    await retell('gone').connect({ default_agent_id: agentId })
    const there = await retell('gone').send({ door: 'pre-call', body: preCallBody(someone()) })
    expect(there.status).toBe(200)
    await server.client.call('deletePlatform', {
      params: { platform: 'retell', connection: 'gone' },
    })
    const gone = await retell('gone').send({ door: 'pre-call', body: preCallBody(someone()) })
    expect(gone.status).toBe(404)
  })
})
