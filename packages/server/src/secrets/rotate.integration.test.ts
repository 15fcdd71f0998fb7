// Moving stored credentials to another key, on a real database.

import { systemClock as clock } from '../system-clock.ts'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { migrateAt } from '../start/open-storage.ts'
import { openDatabase, type Database } from '../store/database.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { countSealed, rotateSecrets } from './rotate.ts'
import { sealedColumns } from './sealed-columns.ts'
import { createSecrets, type Keyring } from './secrets.ts'

const WORKSPACE = '01990000-0000-7000-8000-000000000000'
const OLD = randomBytes(32)
const NEW = randomBytes(32)
const old = createSecrets(OLD)

let shared: TestDatabase
let database: Database
let keyring: Keyring

beforeAll(async () => {
  shared = await testDatabase()
  await migrateAt(shared.url)
  database = openDatabase(shared.url)
})
afterAll(async () => {
  await database.close()
  await shared[Symbol.asyncDispose]()
})
beforeEach(async () => {
  keyring = createSecrets(NEW, [OLD])
  for (const { table } of sealedColumns) if (table !== 'workspaces') await empty(table)
  await empty('workspaces')
  await store('workspaces', { id: WORKSPACE, name: 'Default' }, 'signing_secret', 'signing')
})

const empty = (table: string) => database.query(`delete from ${table}`)

const seal = (
  table: string,
  column: string,
  row: Record<string, string>,
  plain: string,
): Buffer => {
  const found = sealedColumns.find((one) => one.table === table && one.column === column)
  if (found === undefined) throw new Error(`${table}.${column} is not known`)
  return old.encrypt(plain, found.context(row))
}

async function store(
  table: string,
  row: Record<string, string>,
  column: string,
  plain: string,
  more: Record<string, unknown> = {},
): Promise<void> {
  const values = { ...row, ...more, [column]: seal(table, column, row, plain) }
  const places = Object.keys(values).map((_, at) => `$${at + 1}`)
  await database.query(
    `insert into ${table} (${Object.keys(values).join(', ')}) values (${places.join(', ')})`,
    Object.values(values),
  )
}

const uuid = (at: number): string => `01990000-0000-7000-8000-${String(at).padStart(12, '0')}`

async function storeConnections(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => {
    const row = { workspace_id: WORKSPACE, id: uuid(at + 1), destination: 'https://a.example' }
    return { ...row, auth: seal('connections', 'auth', row, `token ${at + 1}`) }
  })
  await database.query(
    `insert into connections (workspace_id, id, name, settings, destination, auth)
     select $1, u.id::uuid, 'http/' || u.id, '{}', 'https://a.example', u.auth
     from unnest($2::text[], $3::bytea[]) as u (id, auth)`,
    [WORKSPACE, rows.map(({ id }) => id), rows.map(({ auth }) => auth)],
  )
}

async function readConnection(secrets: Keyring, at: number): Promise<string> {
  const [row] = await database.query<{ auth: Buffer }>(
    'select auth from connections where id = $1',
    [uuid(at)],
  )
  const destination = 'https://a.example'
  const context = `connections.auth:${WORKSPACE}:${uuid(at)}:${destination}`
  return secrets.decrypt(row?.auth ?? Buffer.alloc(0), context)
}

describe('moving credentials to another key', () => {
  test('knows every column that holds a sealed value', async () => {
    const columns = await database.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'bookend' and data_type = 'bytea' order by 1`,
    )
    // Hashes, and what came in as bytes: nothing in them was sealed.
    const plain = new Set([
      'api_keys.hash',
      'audit.seal',
      'idempotency_keys.body_hash',
      'sessions.token_hash',
      'platform_deliveries.body',
    ])
    const known = sealedColumns.map(({ table, column }) => `${table}.${column}`)
    const found = columns.map(({ name }) => name).filter((name) => !plain.has(name))
    expect(found).toEqual(known.toSorted())
  })

  test('seals a value of each column anew, and it opens with the new key alone', async () => {
    const own = { workspace_id: WORKSPACE, id: uuid(1) }
    await store('agents', own, 'auth_token', 'agent', { name: '', settings: '{}' })
    const subscription = { url: '', event_types: [], description: '', payload: 'thin' }
    await store('subscriptions', own, 'secret', 'whsec', {
      ...subscription,
      previous_secret: seal('subscriptions', 'previous_secret', own, 'whsec before'),
    })
    const named = { workspace_id: WORKSPACE, name: 'intake' }
    await store('workflow_tokens', named, 'token', 'wt')
    const answered = { workspace_id: WORKSPACE, route: 'createKey', key: 'k' }
    await store('idempotency_keys', answered, 'answer', '{}', { body_hash: Buffer.alloc(0) })
    await storeConnections(1)
    expect(await countSealed(database.pool, keyring)).toEqual({ current: 0, others: 7 })
    const done = await rotateSecrets({ database, keyring, clock, limitMs: 10_000 })
    expect(done).toEqual({ rotated: 7, left: 0, unreadable: 0 })
    expect(await countSealed(database.pool, keyring)).toEqual({ current: 7, others: 0 })
    const alone = createSecrets(NEW)
    expect(await readConnection(alone, 1)).toBe('token 1')
    const [row] = await database.query<{ secret: Buffer; previous_secret: Buffer }>(
      'select secret, previous_secret from subscriptions',
    )
    const context = sealedColumns.find(({ table }) => table === 'subscriptions')?.context(own) ?? ''
    expect(alone.decrypt(row?.secret ?? Buffer.alloc(0), context)).toBe('whsec')
    expect(alone.decrypt(row?.previous_secret ?? Buffer.alloc(0), context)).toBe('whsec before')
    expect(await rotateSecrets({ database, keyring, clock, limitMs: 10_000 })).toEqual({
      rotated: 0,
      left: 0,
      unreadable: 0,
    })
  })

  test('goes on where it was cut off, and each value can be read at any time (R1, F5)', async () => {
    await storeConnections(1_200)
    const first = await rotateSecrets({ database, keyring, clock, limitMs: 0 })
    expect(first).toEqual({ rotated: 0, left: 1_201, unreadable: 0 })
    let cuts = 0
    // A batch that fails as it commits is one that never was.
    const failing: Database = {
      ...database,
      transaction: (work) =>
        database.transaction(async (client) => {
          const done = await work(client)
          cuts += 1
          if (cuts === 3) throw new Error('killed')
          return done
        }),
    }
    const cut = rotateSecrets({ database: failing, keyring, clock, limitMs: 60_000 })
    await expect(cut).rejects.toThrow('killed')
    const { others } = await countSealed(database.pool, keyring)
    expect(others).toBeGreaterThan(0)
    expect(others).toBeLessThan(1_201)
    for (const at of [1, 600, 1_200]) expect(await readConnection(keyring, at)).toBe(`token ${at}`)
    await rotateSecrets({ database, keyring, clock, limitMs: 60_000 })
    expect(await countSealed(database.pool, keyring)).toEqual({ current: 1_201, others: 0 })
    expect(await readConnection(createSecrets(NEW), 1_200)).toBe('token 1200')
  })

  test('waits for nobody who is writing, and finds the row again (R2)', async () => {
    await storeConnections(3)
    const writer = await database.pool.connect()
    await writer.query('begin')
    await writer.query('select 1 from connections where id = $1 for update', [uuid(2)])
    const first = await rotateSecrets({ database, keyring, clock, limitMs: 10_000 })
    expect(first).toEqual({ rotated: 3, left: 1, unreadable: 0 })
    await writer.query('commit')
    writer.release()
    const second = await rotateSecrets({ database, keyring, clock, limitMs: 10_000 })
    expect(second).toEqual({ rotated: 1, left: 0, unreadable: 0 })
  })

  test('leaves what does not open as it is, and counts it (R3)', async () => {
    await storeConnections(2)
    await database.query("update connections set destination = 'https://b.example' where id = $1", [
      uuid(1),
    ])
    const done = await rotateSecrets({ database, keyring, clock, limitMs: 10_000 })
    expect(done).toEqual({ rotated: 2, left: 0, unreadable: 1 })
    await database.query("update connections set destination = 'https://a.example'")
    expect(await readConnection(keyring, 1)).toBe('token 1')
  })
})
