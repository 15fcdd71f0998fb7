// Two servers on one database, in the middle of a change of the secret key: each seals with another
// key, and opens what the other sealed.

import { createClient, type Client } from '@bookend/sdk/client'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveHttp, type TestServer as Desk } from '../../outgoing/testing/servers.ts'
import { createSecrets } from '../../secrets/secrets.ts'
import { authContext } from '../../store/postgres/connections.ts'
import { query } from '../../testing/query.ts'
import { serverChild, type ServerChild } from '../../testing/server-child.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder.ts'

const params = { connector: 'http', connection: 'desk' }
const numbers = { from_number: '+15550100001', to_number: '+15550100900' }
const intake = `workflow: intake
on: pre-call
budget: 4s
connections: { desk: http/desk }
parameters:
  who: { type: string, default: nobody }
steps:
  look:
    use: desk.request.get
    with: { path: [me] }
    timeout: 2s
    default: { status: 0, body: { who: nobody } }
respond:
  parameters:
    who: \${{ steps.look.body.who }}
`
const SOONEST_MS = 5_000

let desk: Desk
let wanted = 'Bearer first-token'
let here: TestServer
let elsewhere: ServerChild
let there: Client
let folder: TemporaryFolder
const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]

const startElsewhere = (): Promise<ServerChild> =>
  serverChild({
    PORT: '0',
    DATABASE_URL: here.database.url,
    BOOKEND_SECRET_KEY: newKey,
    BOOKEND_SECRET_KEY_PREVIOUS: oldKey,
    BOOKEND_DATA_DIR: join(folder.path, 'data'),
    BOOKEND_WORKFLOWS: join(folder.path, 'workflows'),
    BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
    BOOKEND_LOG_LEVEL: 'error',
  })

beforeAll(async () => {
  desk = await serveHttp(({ headers }, response) => {
    response.statusCode = headers.authorization === wanted ? 200 : 401
    response.end('{"who":"Ada"}')
  })
  here = await testServer({
    env: { BOOKEND_SECRET_KEY: oldKey, BOOKEND_SECRET_KEY_PREVIOUS: newKey },
  })
  folder = await temporaryFolder()
  elsewhere = await startElsewhere()
  there = createClient({ baseUrl: elsewhere.url, key: here.key })
}, 90_000)
afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]()
  await here[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
  await desk[Symbol.asyncDispose]()
})

async function ask(client: Client): Promise<unknown> {
  const input = { params: { name: 'intake' }, body: numbers }
  return (await client.call('simulateWorkflow', input)).parameters['who']
}
const soon = (read: () => Promise<unknown>) => expect.poll(read, { timeout: SOONEST_MS })
const auth = (token: string) => ({ kind: 'bearer', token })

test('what one stores is used by both, and so is what replaces it', async () => {
  const settings = { base_url: desk.url }
  const body = { name: 'http/desk', settings, auth: auth('first-token') }
  await here.client.call('createConnection', { body })
  await here.client.call('publishWorkflow', {
    params: { name: 'intake' },
    body: { source: intake },
  })
  expect(await ask(here.client)).toBe('Ada')
  await soon(() => ask(there).catch(() => 'not there yet')).toBe('Ada')
  wanted = 'Bearer second-token'
  await there.call('updateConnection', { params, body: { auth: auth('second-token') } })
  expect(await ask(there)).toBe('Ada')
  await soon(() => ask(here.client)).toBe('Ada')
})

test('their calls are added up, and one of them tells that the credential is refused', async () => {
  const read = async () => await here.client.call('getConnection', { params })
  wanted = 'Bearer third-token'
  await Promise.all([here.client, there, here.client, there].map(ask))
  await soon(async () => (await read()).health.failures_last_hour).toBeGreaterThanOrEqual(4)
  expect((await read()).status).toBe('needs_attention')
  const events = await query(
    here.database,
    "select payload from bookend.events where type = 'connection.failed'",
  )
  expect(events.length).toBeLessThanOrEqual(2)
  await here.client.call('updateConnection', { params, body: { auth: auth('third-token') } })
  await soon(() => ask(there)).toBe('Ada')
  await soon(async () => (await read()).status).toBe('ok')
})

test('one is killed while it seals anew: no call fails, and the next goes on (F5)', async () => {
  await storeMany(4_000)
  let isOver = false
  const answers = (async () => {
    const seen = new Set<unknown>()
    while (!isOver) seen.add(await ask(here.client))
    return [...seen]
  })()
  const others = async (): Promise<number> => (await here.client.call('getSecretKeys', {})).current
  const before = await others()
  const cut = there.call('rotateSecrets', { body: {} }).catch(() => 'cut')
  await expect.poll(others, { interval: 5 }).toBeLessThan(before)
  await elsewhere.end('SIGKILL')
  await cut
  elsewhere = await startElsewhere()
  there = createClient({ baseUrl: elsewhere.url, key: here.key })
  for (let left = 1; left > 0;) {
    ;({ left } = await there.call('rotateSecrets', { body: {} }))
  }
  isOver = true
  expect(await answers).toEqual(['Ada'])
  expect(await there.call('getSecretKeys', {})).toMatchObject({ others: 0, source: 'environment' })
  expect(await ask(there)).toBe('Ada')
}, 90_000)

async function storeMany(count: number): Promise<void> {
  const secrets = createSecrets(Buffer.from(oldKey, 'base64'))
  const [workspace] = (await query(here.database, 'select id from bookend.workspaces')) as [
    { id: string },
  ]
  const rows = Array.from({ length: count }, (_, at) => {
    const id = `01990000-0000-7000-8000-${String(at).padStart(12, '0')}`
    const context = authContext({ workspace_id: workspace.id, id, destination: 'x' })
    return { id, sealed: secrets.encrypt('{}', context) }
  })
  await query(
    here.database,
    `insert into bookend.connections (workspace_id, id, name, settings, destination, auth)
     select $1, u.id, 'http/' || u.id, '{}', 'x', u.sealed
     from unnest($2::uuid[], $3::bytea[]) as u (id, sealed)`,
    [workspace.id, rows.map(({ id }) => id), rows.map(({ sealed }) => sealed)],
  )
}
