import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const NUMBER = '+15550100900'
const CALLS = 150

let server: TestServer
beforeAll(async () => {
  server = await testServer()
  const agent = await server.client.call('createAgent', { body: { name: 'Front' } })
  const number = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', {
    params: { id: number.id },
    body: { agent_uuid: agent.id },
  })
  for (const event_types of [['call.started'], ['call.completed'], []]) {
    // Nobody listens there: what is sent, or not, is read from the database.
    const body = { url: 'http://127.0.0.1:9/hook', event_types }
    await server.client.call('createWebhook', { body })
  }
})
afterAll(() => server[Symbol.asyncDispose]())

test('many calls at once are each stored once, and told once to each who wants to know (R1, J2)', async () => {
  const answers = await Promise.all(
    Array.from({ length: CALLS }, (_, index) =>
      server.client.call('inboundCall', {
        body: { from_number: `+1555010${1_000 + index}`, to_number: NUMBER },
      }),
    ),
  )
  const ids = answers.map(({ call }) => call.uuid)
  await Promise.all(ids.map((id) => server.client.call('getCall', { params: { id } })))

  const rows = await query(
    server.database,
    `select c.id, count(distinct e.id)::int as events, count(d.id)::int as deliveries
     from bookend.calls c
     left join bookend.events e on e.call_id = c.id and e.type = 'call.started'
     left join bookend.deliveries d on d.workspace_id = e.workspace_id and d.event_id = e.id
     where c.id = any ($1) group by c.id`,
    [ids],
  )
  expect(rows).toHaveLength(CALLS)
  for (const row of rows) expect(row).toMatchObject({ events: 1, deliveries: 2 })
})
