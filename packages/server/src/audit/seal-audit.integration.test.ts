import { createId } from '@bookend/core'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { recordAudit } from '../store/postgres/audit.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { checkSeals, sealAudit } from './seal-audit.ts'

const WORKSPACE = '01990000-0000-7000-8000-000000000000'
const OTHER = '01990000-0000-7000-8000-000000000001'

let server: TestDatabase
let database: Database
const client = () => ({ query: database.pool.query.bind(database.pool) })

beforeAll(async () => {
  server = await testDatabase()
  const migrating = new pg.Client(server.connection)
  await migrating.connect()
  await migrate(migrating)
  await migrating.end()
  database = openDatabase(server.url)
  for (const id of [WORKSPACE, OTHER]) {
    await database.query("insert into workspaces (id, name, signing_secret) values ($1, 'W', '')", [
      id,
    ])
  }
  for (const [minutes, action] of [
    [40, 'createKey'],
    [30, 'updateAgent'],
    [20, 'deleteKey'],
    [0, 'createAgent'],
  ] as const) {
    await add(WORKSPACE, action, minutes)
  }
  await add(OTHER, 'createKey', 25)
})
afterAll(async () => {
  await database.close()
  await server[Symbol.asyncDispose]()
})

async function add(workspaceId: string, action: string, minutesAgo: number): Promise<void> {
  const at = new Date(Date.now() - minutesAgo * 60_000)
  await recordAudit(client(), {
    workspaceId,
    id: createId(at),
    actor: { kind: 'key', key_id: 'abc', label: 'first key' },
    action,
    target: null,
    fields: ['label'],
    ip: '127.0.0.1',
    requestId: null,
    at,
  })
}

test('entries are sealed once their request is over, each with the one before (E12)', async () => {
  expect(await sealAudit(database)).toBe(4)
  expect(await sealAudit(database)).toBe(0)
  expect(await checkSeals(client(), WORKSPACE)).toEqual({
    sealed: 3,
    seal: expect.stringMatching(/^[0-9a-f]{64}$/),
    broken_at: null,
  })
  expect(await checkSeals(client(), OTHER)).toMatchObject({ sealed: 1, broken_at: null })
})

test('a sealed entry is neither changed, deleted nor emptied away (E12)', async () => {
  for (const statement of [
    "update audit set action = 'nothing' where action = 'updateAgent'",
    "delete from audit where action = 'updateAgent'",
    'truncate audit',
  ]) {
    await expect(database.query(statement)).rejects.toThrow('neither changed nor deleted')
  }
  await database.query("update audit set target = 'x' where action = 'createAgent'")
})

test('who gets around that is found out, by the first place that is wrong (E12)', async () => {
  const forge = (statement: string): Promise<unknown> =>
    database.transaction(async (tx) => {
      await tx.query('alter table audit disable trigger user')
      await tx.query(statement)
      await tx.query('alter table audit enable trigger user')
    })
  await forge("update audit set actor_label = 'somebody' where action = 'updateAgent'")
  expect(await checkSeals(client(), WORKSPACE)).toMatchObject({ broken_at: 2 })
  await forge("update audit set actor_label = 'first key' where action = 'updateAgent'")
  expect(await checkSeals(client(), WORKSPACE)).toMatchObject({ broken_at: null })
  await forge("delete from audit where action = 'updateAgent'")
  expect(await checkSeals(client(), WORKSPACE)).toMatchObject({ sealed: 2, broken_at: 3 })
})
