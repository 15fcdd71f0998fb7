// Journeys on calls that have ended, through the whole server, with nothing of it sent.

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const followUp = `
import { journey } from '@bookend/sdk'
import { z } from 'zod'
export default journey('follow-up', {
  on: 'call.completed',
  if: ({ call }) => call.from_number !== '+15550100007',
  connections: { desk: 'http/desk' },
  async run({ call, step, human, sleep, tag, emit, connections: { desk } }) {
    const person = await step('person', () => desk.request.get({ path: ['people'] }))
    await step('ticket', () => desk.request.send({ method: 'PUT', path: ['tickets', call.uuid], body: { name: person.body.name, password: 'hunter2' } }))
    await tag('mark', 'followed')
    await sleep('settle', '3d')
    const review = await human('review', { title: 'Call back?', form: z.object({ ok: z.boolean() }), within: '4h' })
    await emit('done', 'review.done', { status: review.status })
    if (review.status === 'answered') await step('close', () => desk.request.send({ path: ['close'] }))
  },
})
`
const broken = `
import { journey } from '@bookend/sdk'
export default journey('broken', {
  on: 'order.paid',
  connections: { desk: 'http/desk' },
  async run({ event, step, connections: { desk } }) {
    await step('lookup', () => desk.request.get({ path: ['broken'] }))
  },
})
`
const yaml = `
workflow: draft
on: order.paid
connections: { desk: http/desk }
steps:
  tell: { use: desk.request.send, with: { path: [orders], body: { id: '\${{ event.payload.id }}' } } }
`

let desk: Server
let server: TestServer
let callId = ''
const seen: string[] = []

beforeAll(async () => {
  desk = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json')
    response.statusCode = request.url === '/broken' ? 503 : 200
    response.end(JSON.stringify({ name: 'Ada' }))
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
    env: { BOOKEND_ROLES: 'api' },
    workflows: {
      'follow-up.journey.ts': followUp,
      'broken.journey.ts': broken,
      '../bookend.config.ts': config,
    },
  })
  const { client } = server
  const agent = await client.call('createAgent', { body: { name: 'Front' } })
  const { id } = await client.call('createNumber', { body: { number: '+15550100900' } })
  await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
  callId = await endedCall('+15550100001')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  desk.closeAllConnections()
  desk.close()
})

async function endedCall(from: string): Promise<string> {
  const { call } = await server.client.call('inboundCall', {
    body: { from_number: from, to_number: '+15550100900' },
  })
  let answer: Response
  do {
    answer = await server.send(`/calls/${call.uuid}/complete`, { method: 'POST', body: '{}' })
  } while (answer.status === 404)
  return call.uuid
}

const run = (body: object = {}, name = 'follow-up') =>
  server.client.call('dryRunWorkflow', { params: { name }, body: { call_id: callId, ...body } })

async function stored(): Promise<unknown> {
  return await query(
    server.database,
    `select (select count(*) from runs) as runs, (select count(*) from events) as events,
       (select count(*) from call_tags) as tags, (select count(*) from handoffs) as handoffs`,
  )
}

test('reads for real, shows what it would write, and ends at the first wait (Y1, Y3)', async () => {
  const before = await stored()
  seen.length = 0
  const told = await run()
  expect(told).toMatchObject({
    simulated: true,
    status: 'waiting',
    call_id: callId,
    event: { type: 'call.completed' },
    tags: ['followed'],
    waits: [{ step: 'review', kind: 'human', about: 'Call back?' }],
  })
  expect(told.writes).toMatchObject([
    {
      step: 'ticket',
      connection: 'http/desk',
      action: 'request.send',
      input: { body: { name: 'Ada', password: '(redacted)' } },
      request: { method: 'PUT', url: expect.stringContaining(`/tickets/${callId}`) },
    },
  ])
  expect(JSON.stringify(told)).not.toContain('hunter2')
  expect(seen).toEqual(['GET /people'])
  expect(await stored()).toEqual(before)
})

test('goes on with what people would answer', async () => {
  const told = await run({ answers: { review: { ok: true } } })
  expect(told).toMatchObject({
    status: 'completed',
    emitted: [{ type: 'review.done', payload: { status: 'answered' } }],
  })
  expect(told.writes.map(({ step }) => step)).toEqual(['ticket', 'close'])
})

test('refuses an answer that the form refuses', async () => {
  const told = await run({ answers: { review: { ok: 'yes' } } })
  expect(told).toMatchObject({ status: 'failed', error: expect.stringContaining('ok') })
})

test('goes on as if nobody had answered', async () => {
  const told = await run({ expire_waits: true })
  expect(told).toMatchObject({ status: 'completed', emitted: [{ payload: { status: 'expired' } }] })
})

test('does not begin where its condition says no', async () => {
  const told = await run({ call_id: await endedCall('+15550100007') })
  expect(told).toMatchObject({ status: 'not_started', writes: [], steps: [] })
})

test('tries a step that fails once, and says why', async () => {
  const startedAt = performance.now()
  const told = await run({ call_id: undefined, event: { payload: { id: 7 } } }, 'broken')
  expect(told).toMatchObject({ status: 'failed', steps: [{ name: 'lookup' }], waits: [] })
  expect(told.error).toContain('503')
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('takes a draft in YAML, and an event of its own', async () => {
  const told = await run(
    { call_id: undefined, event: { payload: { id: 'o-1' } }, source: yaml },
    'draft',
  )
  expect(told).toMatchObject({ status: 'completed', writes: [{ input: { body: { id: 'o-1' } } }] })
})

test('needs a call or an event', async () => {
  await expect(run({ call_id: undefined })).rejects.toMatchObject({ status: 422 })
  await expect(run({ call_id: callId }, 'broken')).rejects.toMatchObject({ status: 409 })
})
