// Recorded calls through the whole server: what a draft would have answered in their place.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../../testing/query.ts'
import { testServer, type TestServer } from '../../testing/server.ts'

const intake = (rule: string, path = 'people') => `
workflow: intake
on: pre-call
connections: { desk: http/desk }
parameters:
  name: { type: string, default: there }
  vip: { type: boolean, default: false }
steps:
  person:
    use: desk.request.get
    with: { path: [${path}], query: { phone: '\${{ call.from_number }}' } }
    timeout: 300ms
    default: { status: 0, body: { name: there, spent: 0 } }
respond:
  parameters:
    name: \${{ steps.person.body.name }}
    vip: \${{ ${rule} }}
`
const active = intake('int(steps.person.body.spent) > 100')

let desk: Server
let server: TestServer
let asked = 0

beforeAll(async () => {
  desk = createServer((request, response) => {
    asked += 1
    const phone = new URL(request.url ?? '', 'http://desk').searchParams.get('phone') ?? ''
    if (phone.endsWith('9')) return
    const secret = phone.endsWith('8') ? { password: 'hunter2' } : {}
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name: `P${phone.slice(-1)}`, spent: 75, ...secret }))
  })
  desk.listen(0, '127.0.0.1')
  await once(desk, 'listening')
  const { port } = desk.address() as AddressInfo
  const config = `
import { defineConfig } from '@bookend/sdk'
export default defineConfig(() => ({ connections: {
  'http/desk': { settings: { base_url: 'http://127.0.0.1:${port}' }, auth: { kind: 'none' } },
} }))`
  server = await testServer({
    workflows: { 'intake.pre-call.yaml': active, '../bookend.config.ts': config },
  })
  const { client } = server
  const agent = await client.call('createAgent', {
    body: {
      name: 'Front',
      pre_call_webhook_url: 'workflow:intake',
      pre_call_webhook_enabled: true,
    },
  })
  const { id } = await client.call('createNumber', { body: { number: '+15550100900' } })
  await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
  for (const last of ['1', '2', '8', '9']) {
    await client.call('inboundCall', {
      body: { from_number: `+1555010000${last}`, to_number: '+15550100900' },
    })
  }
  let count = 0
  while (count < 4) {
    count = (await client.call('listRuns', { query: { workflow: 'intake' } })).runs.length
  }
  asked = 0
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  desk.closeAllConnections()
  desk.close()
})

const run = (body: object = {}) =>
  server.client.call('backtestWorkflow', { params: { name: 'intake' }, body })

test('the same workflow would have answered alike, and asks nobody (K1)', async () => {
  const { calls } = await run()
  const usable = calls.filter(({ gaps }) => gaps.length === 0)
  expect(usable.map(({ from_number }) => from_number.at(-1))).toEqual(['9', '2', '1'])
  expect(usable.flatMap(({ differs }) => differs)).toEqual([])
  expect(asked).toBe(0)
})

test('a draft is told apart, call by call', async () => {
  const before = await query(server.database, 'select count(*) from runs')
  const { calls } = await run({ source: intake('int(steps.person.body.spent) > 50') })
  const [hung, , second] = calls
  expect(second).toMatchObject({
    from_number: '+15550100002',
    differs: ['parameters'],
    changed: ['vip'],
    was: { parameters: { name: 'P2', vip: false } },
    now: { parameters: { name: 'P2', vip: true } },
  })
  expect(hung).toMatchObject({ differs: [], now: { parameters: { name: 'there', vip: false } } })
  expect(await query(server.database, 'select count(*) from runs')).toEqual(before)
})

test('a step that was cut costs its own limit in virtual time (R4)', async () => {
  const [hung] = (await run({ last: 1 })).calls
  expect(hung?.now.missing.map(({ reason }) => reason)).toEqual(['timed_out', 'timed_out'])
  expect(hung?.now.duration_ms).toBe(300)
})

test('what was taken out of the record is a gap, and not guessed (R1)', async () => {
  const { calls } = await run()
  expect(calls.filter(({ gaps }) => gaps.length > 0)).toMatchObject([
    { from_number: '+15550100008', gaps: [{ step: 'person', reason: expect.any(String) }] },
  ])
})

test('a draft that asks something else has no answers from then (R1)', async () => {
  const { calls } = await run({ source: intake('false', 'customers') })
  expect(calls.map(({ gaps }) => gaps[0]?.reason)).toEqual(
    Array.from({ length: 4 }, () => 'it asked with another input then'),
  )
  expect(asked).toBe(0)
})

test('live asks anew, for few calls', async () => {
  await expect(run({ live: true })).rejects.toMatchObject({ status: 422 })
  const { calls } = await run({ live: true, last: 4 })
  expect(asked).toBe(4)
  expect(calls[2]).toMatchObject({ differs: [], gaps: [] })
})

test('one run alone is told with its steps, and one that is not there is 404', async () => {
  const { calls: all } = await run()
  const id = all.find(({ from_number }) => from_number === '+15550100001')?.run_id
  const { calls, next_cursor } = await run({ run_id: id })
  expect(calls).toMatchObject([
    { run_id: id, differs: [], steps: [{ name: 'person', status: 'ok', connection: 'http/desk' }] },
  ])
  expect([next_cursor, all[0]?.steps]).toEqual([null, undefined])
  const other = '01990000-0000-7000-8000-0000000000ff'
  await expect(run({ run_id: other })).rejects.toMatchObject({ status: 404 })
})

test('goes on behind a page', async () => {
  const first = await run({ last: 3 })
  const second = await run({ last: 3, cursor: first.next_cursor })
  expect([first.calls.length, second.calls.length, second.next_cursor]).toEqual([3, 1, null])
})

test('a faulty draft is refused by line and column, a version that is not there is 404', async () => {
  await expect(run({ source: 'workflow: intake' })).rejects.toMatchObject({ status: 422 })
  await expect(run({ version: '0123456789abcdef' })).rejects.toMatchObject({ status: 404 })
})

test('two hundred calls are done within ten seconds', async () => {
  await query(
    server.database,
    `with one as (select * from runs where id = (
       select r.id from runs r join calls c on c.id = r.call_id where c.from_number = '+15550100001'
     )), made as (
       insert into runs (workspace_id, id, kind, workflow, version, status, call_id, agent_id,
         started_at, duration_ms, deadline_ms, budget_ms, outcome, parameters, missing)
       select workspace_id, gen_random_uuid(), kind, workflow, version, status, call_id, agent_id,
         started_at - n * interval '1 second', duration_ms, deadline_ms, budget_ms, outcome,
         parameters, missing from one, generate_series(1, 200) n returning workspace_id, id
     )
     insert into run_steps (workspace_id, run_id, name, position, status, start_ms, duration_ms,
       connection, action, input, output)
     select m.workspace_id, m.id, s.name, s.position, s.status, s.start_ms, s.duration_ms,
       s.connection, s.action, s.input, s.output
     from made m, run_steps s join one o on s.run_id = o.id`,
  )
  const startedAt = performance.now()
  const { calls } = await run({ last: 200 })
  const tookMs = performance.now() - startedAt
  expect(calls).toHaveLength(200)
  expect(tookMs).toBeLessThan(10_000)
})
