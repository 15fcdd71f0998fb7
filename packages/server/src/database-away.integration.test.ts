// What goes on while the database does not (F7, F8, F13), and what is made up for afterwards.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from './testing/query.ts'
import { testServer, type TestServer } from './testing/server.ts'

const NUMBER = '+15550100900'
let server: TestServer

beforeAll(async () => {
  server = await testServer({ env: { BOOKEND_LOG_LEVEL: 'silent' } })
  const agent = await server.client.call('createAgent', {
    body: { name: 'Front', first_message: 'Hi {{name}}', default_parameters: { name: 'there' } },
  })
  const number = await server.client.call('createNumber', { body: { number: NUMBER } })
  const body = { agent_uuid: agent.id }
  await server.client.call('assignAgent', { params: { id: number.id }, body })
})
afterAll(() => server[Symbol.asyncDispose]())

/** Refuses new connections and ends the ones there are, as a server that restarts does. */
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

test('calls are answered without the database, and are in it once it is back (P2, F8)', async () => {
  const before = await server.client.call('inboundCall', {
    body: { from_number: '+15550100001', to_number: NUMBER },
  })
  await server.client.call('getCall', { params: { id: before.call.uuid } })

  const { answers, refused, listed, readiness } = await withoutDatabase(async () => ({
    answers: await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        server.client.call('inboundCall', {
          body: { from_number: `+1555010${String(at).padStart(4, '0')}`, to_number: NUMBER },
        }),
      ),
    ),
    refused: await server.send(`/calls/${before.call.uuid}/complete`, {
      method: 'POST',
      body: '{}',
    }),
    listed: await server.send('/calls'),
    readiness: await fetch(`${server.url}/readyz`),
  }))

  expect(answers.map(({ agent }) => agent.first_message)).toEqual(Array(20).fill('Hi there'))
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject({ code: 'database_away' })
  expect(listed.status).toBe(503)
  expect(readiness.status).toBe(503)
  expect(await readiness.json()).toMatchObject({ database: false, accepting: true })

  for (const { call } of answers) {
    await expect
      .poll(() => server.send(`/calls/${call.uuid}`).then(({ status }) => status), {
        timeout: 20_000,
      })
      .toBe(200)
  }
  const { event_id: id } = await server.client.call('completeCall', {
    params: { id: before.call.uuid },
    body: {},
  })
  expect(id).toMatch(/^evt_/)
  await expect
    .poll(() => fetch(`${server.url}/readyz`).then(({ status }) => status), { timeout: 20_000 })
    .toBe(200)
})
