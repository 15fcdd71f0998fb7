import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'

let database: TestDatabase
const clients: pg.Client[] = []

beforeEach(async () => {
  database = await testDatabase()
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()))
  await database[Symbol.asyncDispose]()
})

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(database.connection)
  await client.connect()
  clients.push(client)
  return client
}

const one = { name: '0001-one', sql: 'create table one (id int)' }
const two = { name: '0002-two', sql: 'create table two (id int)' }

describe('a migration', () => {
  test('is applied once, also by two starts at the same moment (G2)', async () => {
    const applied = await Promise.all(
      (await Promise.all([connect(), connect()])).map((client) => migrate(client)),
    )
    expect(applied.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([
      0,
      migrations.length,
    ])
    expect(await migrate(await connect())).toEqual([])
  })

  test('that fails leaves nothing, and the next start goes on from there (G1, F5)', async () => {
    const client = await connect()
    const broken = { name: '0002-two', sql: 'create table two (id int); select 1 / 0' }
    await expect(migrate(client, [one, broken])).rejects.toThrow('division by zero')
    expect(await migrate(await connect(), [one, two])).toEqual(['0002-two'])
  })

  test('of a newer program is refused (G3)', async () => {
    await migrate(await connect(), [one, two])
    await expect(migrate(await connect(), [one])).rejects.toThrow('does not know')
  })

  test('edited after it was applied is refused (G3)', async () => {
    await migrate(await connect(), [one])
    await expect(migrate(await connect(), [{ ...one, sql: 'select 1' }])).rejects.toThrow(
      'other contents',
    )
  })
})

test('every unique index begins with the workspace, but for the look-ups that find it', async () => {
  const client = await connect()
  await migrate(client)
  const { rows } = await client.query<{ index: string; column: string }>(`
    select i.indexrelid::regclass::text as index, a.attname as column
    from pg_index i join pg_class t on t.oid = i.indrelid
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indisunique and t.relnamespace = 'bookend'::regnamespace`)
  const others = rows.filter(({ column }) => column !== 'workspace_id').map(({ index }) => index)
  expect(others.toSorted()).toEqual([
    'api_keys_lookup',
    'migrations_pkey',
    'platforms_lookup',
    'sessions_lookup',
    'workspaces_pkey',
  ])
})
