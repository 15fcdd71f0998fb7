// Planted secrets, everything done with them that goes wrong and right, and where they turn up: in
// no line of the log at its chattiest, in no answer, and in no row in clear (threat E8).

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveHttp, type TestServer as Desk } from '../../outgoing/testing/servers.ts'
import { migrateAt } from '../../start/open-storage.ts'
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts'
import { query } from '../../testing/query.ts'
import { serverChild, type ServerChild } from '../../testing/server-child.ts'
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder.ts'

const PLANTED = 'canary7f3e'
const secretKey = randomBytes(32).toString('base64')
const plant = (what: string): string => `${PLANTED}-${what}-${'x'.repeat(12)}`

let database: TestDatabase
let folder: TemporaryFolder
let desk: Desk
let server: ServerChild
let key = ''
let status = 200
const seen: string[] = []
const answers: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  await migrateAt(database.url)
  folder = await temporaryFolder()
  desk = await serveHttp(({ headers }, response) => {
    seen.push(headers.authorization ?? '')
    response.statusCode = status
    // A system that says the credential back, as some do in their errors.
    response.end(JSON.stringify({ error: `bad token ${headers.authorization}` }))
  })
  server = await serverChild({
    PORT: '0',
    DATABASE_URL: database.url,
    BOOKEND_SECRET_KEY: secretKey,
    BOOKEND_DATA_DIR: join(folder.path, 'data'),
    BOOKEND_WORKFLOWS: join(folder.path, 'workflows'),
    BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
    BOOKEND_LOG_LEVEL: 'debug',
  })
  ;[key = ''] = /bk_[a-z0-9]+_\w+/.exec(server.said()) ?? []
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await desk[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

async function send(method: string, path: string, body?: unknown): Promise<number> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  answers.push(await answer.text())
  return answer.status
}

test('a planted secret reaches its system, and turns up nowhere else (E8)', async () => {
  const api = '/api/v1'
  const one = `${api}/connections/http/desk`
  const auth = (what: string) => ({ kind: 'bearer', token: plant(what) })
  const settings = { base_url: desk.url }
  const create = (given: object) => send('POST', `${api}/connections`, given)
  expect(await create({ name: 'http/desk', settings, auth: auth('good') })).toBe(201)
  const asked: readonly (readonly [object, number])[] = [
    [{ name: 'http/desk', settings, auth: auth('taken') }, 409],
    [
      { name: 'http/a', settings, auth: { ...auth('extra'), [plant('field').slice(0, 30)]: 1 } },
      422,
    ],
    [{ name: 'http/a', settings, auth: { kind: 'bearer', token: `${plant('bad')}\u0000` } }, 422],
    [{ name: 'http/a', settings, auth: plant('text') }, 422],
    [{ name: 'postgres/a', settings: { url: `postgres://u:${plant('url')}@h/d` } }, 422],
    [{ name: 'nothing/a', settings, auth: auth('nowhere') }, 422],
  ]
  for (const [given, expected] of asked) expect(await create(given)).toBe(expected)
  await send('POST', `${one}/check`, {})
  status = 401
  await send('POST', `${one}/check`, {})
  status = 500
  await send('POST', `${one}/check`, {})
  await send('PATCH', one, { auth: auth('next') })
  await send('PATCH', one, { settings: { base_url: 'http://127.0.0.1:1' } })
  await send('PATCH', one, { settings, auth: auth('last') })
  await send('POST', `${api}/secrets/rotate`, {})
  await query(database, "update bookend.connections set destination = 'elsewhere'")
  await send('POST', `${api}/agents`, { name: 'Front' })
  await send('POST', `${one}/check`, {})
  for (const path of [one, `${api}/connections`, `${api}/audit`, `${api}/secrets`, '/metrics']) {
    await send('GET', path)
  }
  await server.end('SIGTERM')

  expect(seen).toContain(`Bearer ${plant('good')}`)
  // A field's own name is told, since it is what is wrong; no value is.
  const told = answers.join('\n').replaceAll(plant('field').slice(0, 30), '')
  expect(told).not.toContain(PLANTED)
  expect(server.said()).toContain('"level":')
  expect(server.said()).not.toContain(PLANTED)
  const tables = (await query(
    database,
    "select table_name as name from information_schema.tables where table_schema = 'bookend'",
  )) as { name: string }[]
  for (const { name } of tables) {
    const found = await query(
      database,
      `select 1 from bookend.${name} t where t::text like '%${PLANTED}%'
         or t::text like '%${Buffer.from(PLANTED).toString('hex')}%'`,
    )
    expect([name, found]).toEqual([name, []])
  }
}, 60_000)
