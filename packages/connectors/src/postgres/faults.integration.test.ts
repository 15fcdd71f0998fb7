import type { ConnectorFault } from '@bookend/core'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { rowExecute, rowInsert, rowQueryOne } from './actions.ts'
import { client } from './client.ts'
import type { PostgresClient } from './client.ts'
import { InsertInput, PostgresSettings, StatementInput } from './schema.ts'
import type { PostgresAuth } from './schema.ts'
import { anywhere } from '../testing/reach.ts'
import { context } from './testing/context.ts'
import { freshDatabase } from './testing/database.ts'
import type { Database } from './testing/database.ts'
import { startFaultProxy } from '../testing/fault-proxy.ts'
import type { FaultProxy } from '../testing/fault-proxy.ts'

let database: Database
let proxy: FaultProxy
let settings: PostgresSettings
let sessions: PostgresClient

beforeAll(async () => {
  database = await freshDatabase()
  await database.admin.query('create table calls (id int)')
})

afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  const { place, name } = database
  proxy = await startFaultProxy(`${place.host}/.s.PGSQL.${place.port}`)
  const url = `postgres://${place.user}@127.0.0.1:${proxy.port}/${name}`
  settings = PostgresSettings.parse({ url, pool_max: 1 })
  sessions = client.open(settings, null, anywhere)
})

afterEach(async () => {
  await client.close(sessions)
  await proxy[Symbol.asyncDispose]()
  await database.admin.query('truncate calls')
})

interface Bounds {
  readonly budgetMs?: number
  readonly signal?: AbortSignal
}

const ctx = (bounds: Bounds = {}) => context({ settings, client: sessions, ...bounds })
const read = (sql: string, bounds?: Bounds) =>
  rowQueryOne.run(ctx(bounds), StatementInput.parse({ sql }))
const execute = (sql: string, bounds?: Bounds) =>
  rowExecute.run(ctx(bounds), StatementInput.parse({ sql }))
const insert = (id: number) =>
  rowInsert.run(ctx(), InsertInput.parse({ table: 'calls', rows: [{ id }] }))

const verdictOf = (running: Promise<unknown>) =>
  running.then(
    () => ({ kind: 'ok', detail: '' }),
    (error: ConnectorFault) => error.verdict,
  )

const calls = async (): Promise<unknown[]> =>
  (await database.admin.query<{ id: number }>('select id from calls')).rows.map(({ id }) => id)

/** The server's processes that run a statement with `text` at this moment. */
async function running(text: string): Promise<number[]> {
  const { rows } = await database.admin.query<{ pid: number }>(
    `select pid from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()
      and datname = current_database() and query like '%' || $1 || '%'`,
    [text],
  )
  return rows.map(({ pid }) => pid)
}

const untilRunning = (text: string): Promise<number> =>
  vi.waitFor(
    async () => {
      const [pid] = await running(text)
      if (pid === undefined) throw new Error('It does not run yet')
      return pid
    },
    { timeout: 15_000 },
  )

const terminate = (pid: number) => database.admin.query('select pg_terminate_backend($1)', [pid])

describe('at the deadline', () => {
  test('a read ends at once, its session is thrown away and the pool serves on (F12)', async () => {
    const controller = new AbortController()
    const slow = verdictOf(read('select pg_sleep(61)', { signal: controller.signal }))
    await untilRunning('pg_sleep(61)')
    const startedAtMs = performance.now()
    controller.abort()
    expect(await slow).toEqual({ kind: 'retry', detail: 'deadline' })
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    expect(await read('select 1 as a')).toEqual({ a: 1 })
    expect(proxy.accepted()).toBe(2)
  })

  test('the server gives up too, by its own clock', async () => {
    expect(await verdictOf(read('select pg_sleep(62)', { budgetMs: 200 }))).toMatchObject({
      kind: 'retry',
    })
    await vi.waitFor(async () => expect(await running('pg_sleep(62)')).toEqual([]), {
      timeout: 15_000,
    })
  })

  test('a statement ends at the time-out of its connection', async () => {
    settings = { ...settings, statement_timeout_ms: 50 }
    expect(await verdictOf(read('select pg_sleep(63)'))).toEqual({
      kind: 'retry',
      detail: 'sqlstate_57014',
    })
    expect(await read('select 1 as a')).toEqual({ a: 1 })
    expect(proxy.accepted()).toBe(1)
  })

  test('a read does not wait for a session any longer (F11)', async () => {
    const controller = new AbortController()
    const slow = verdictOf(read('select pg_sleep(64)', { signal: controller.signal }))
    await untilRunning('pg_sleep(64)')
    const startedAtMs = performance.now()
    expect(await verdictOf(read('select 1', { budgetMs: 100 }))).toEqual({
      kind: 'retry',
      detail: 'no_session_in_time',
    })
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    controller.abort()
    await slow
    expect(await read('select 1 as a')).toEqual({ a: 1 })
  })

  test('a read never waits behind a write (C1)', async () => {
    const controller = new AbortController()
    const slow = verdictOf(execute('select pg_sleep(65)', { signal: controller.signal }))
    await untilRunning('pg_sleep(65)')
    expect(await read('select 1 as a', { budgetMs: 1_000 })).toEqual({ a: 1 })
    controller.abort()
    expect(await slow).toEqual({ kind: 'retry', detail: 'deadline' })
  })

  test('that has passed already, no session is opened', async () => {
    const aborted = verdictOf(read('select 1', { signal: AbortSignal.abort() }))
    expect(await aborted).toEqual({ kind: 'retry', detail: 'deadline' })
    expect(await verdictOf(read('select 1', { budgetMs: 0 }))).toMatchObject({ kind: 'retry' })
    expect(proxy.accepted()).toBe(0)
  })

  test('a server that never lets it in costs the budget only, and holds up no end', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}))
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    const { port } = silent.address() as AddressInfo
    const hung = PostgresSettings.parse({ url: `postgres://ada@127.0.0.1:${port}/crm` })
    const open = client.open(hung, null, anywhere)
    const startedAtMs = performance.now()
    const reading = rowQueryOne.run(
      context({ settings: hung, client: open, budgetMs: 100 }),
      StatementInput.parse({ sql: 'select 1' }),
    )
    expect(await verdictOf(reading)).toEqual({ kind: 'retry', detail: 'no_session_in_time' })
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    await client.close(open)
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    silent.close()
  })
})

describe('a network that swallows everything', () => {
  test('costs the budget, and the session is not used again (F12)', async () => {
    expect(await read('select 1 as a')).toEqual({ a: 1 })
    proxy.blackHole()
    expect(await verdictOf(read('select 2', { budgetMs: 100 }))).toEqual({
      kind: 'retry',
      detail: 'deadline',
    })
    proxy.heal()
    expect(await read('select 3 as a')).toEqual({ a: 3 })
    expect(proxy.accepted()).toBe(2)
  })
})

describe('a session that is lost', () => {
  test('while it is idle is replaced (F13)', async () => {
    const { pid } = (await read('select pg_backend_pid() as pid')) as { pid: number }
    await terminate(pid)
    await vi.waitFor(() => expect(sessions.read.totalCount).toBe(0), { timeout: 15_000 })
    expect(await read('select 1 as a')).toEqual({ a: 1 })
  })

  test('while it is in use fails its read alone (F13)', async () => {
    const slow = verdictOf(read('select pg_sleep(66)'))
    await terminate(await untilRunning('pg_sleep(66)'))
    expect(await slow).toEqual({ kind: 'retry', detail: 'sqlstate_57p01' })
    expect(await read('select 1 as a')).toEqual({ a: 1 })
  })

  test('by a storm of resets never reaches the process (F13)', async () => {
    for (let round = 0; round < 10; round += 1) {
      const asked = `select pg_sleep(50) as r${round}`
      const written = `insert into calls select ${round} from pg_sleep(50)`
      const ends = [verdictOf(read(asked)), verdictOf(execute(written))]
      await Promise.all([untilRunning(asked), untilRunning(written)])
      proxy.reset()
      expect(await Promise.all(ends)).toMatchObject([{ kind: 'retry' }, { kind: 'retry' }])
    }
    expect(await read('select 1 as a')).toEqual({ a: 1 })
    expect(await calls()).toEqual([])
  })

  test('before the commit has written nothing, so it may be tried again (E1)', async () => {
    const writing = verdictOf(execute('insert into calls select 1 from pg_sleep(68)'))
    await terminate(await untilRunning('insert'))
    expect(await writing).toEqual({ kind: 'retry', detail: 'sqlstate_57p01' })
    expect(await calls()).toEqual([])
  })

  test('with the answer to the commit may have written: unknown (F14, E2)', async () => {
    proxy.loseAnswerTo('commit')
    const committed = proxy.passed('commit')
    const writing = verdictOf(insert(1))
    await committed
    await vi.waitFor(async () => expect(await calls()).toEqual([1]), { timeout: 15_000 })
    proxy.reset()
    expect(await writing).toEqual({ kind: 'unknown', detail: 'lost_at_commit' })
  })

  test('at the deadline, after the commit was sent, is unknown too (F14, E2)', async () => {
    const controller = new AbortController()
    proxy.loseAnswerTo('commit')
    const committed = proxy.passed('commit')
    const writing = verdictOf(
      execute('insert into calls values (1)', { signal: controller.signal }),
    )
    await committed
    controller.abort()
    expect(await writing).toEqual({ kind: 'unknown', detail: 'deadline' })
  })

  test('to a server that is not there is tried again', async () => {
    await proxy[Symbol.asyncDispose]()
    expect(await verdictOf(insert(1))).toEqual({ kind: 'retry', detail: 'econnrefused' })
    proxy = await startFaultProxy('/nowhere')
  })
})

describe('a transaction that loses', () => {
  test('a deadlock may be tried again, for it has written nothing (F10)', async () => {
    const { admin, place, name } = database
    await admin.query('insert into calls values (1), (2)')
    const rival = new pg.Client({ ...place, database: name, ssl: false })
    await rival.connect()
    await rival.query('begin')
    await rival.query('update calls set id = 10 where id = 1')
    const writing = verdictOf(
      execute(`do $$ begin update calls set id = 20 where id = 2;
        update calls set id = 30 where id = 1; end $$`),
    )
    await untilRunning('do $$')
    await rival.query('update calls set id = 40 where id = 2')
    expect(await writing).toEqual({ kind: 'retry', detail: 'sqlstate_40p01' })
    await rival.query('commit')
    await rival.end()
    expect(await calls()).toEqual([10, 40])
  })

  test('a check that waits for the commit is refused, not unknown (E2)', async () => {
    await database.admin.query(`create table later (id int unique deferrable initially deferred)`)
    const twice = `insert into later values (1), (1)`
    expect(await verdictOf(execute(twice))).toEqual({ kind: 'conflict', detail: 'sqlstate_23505' })
  })
})

describe('signing in', () => {
  test('takes no password from the environment (C3)', async () => {
    vi.stubEnv('PGPASSWORD', 'the-password-of-bookend')
    const seen: string[] = []
    // Asks for the password in clear text, as only a server that means ill would.
    const greedy = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        seen.push(bytes.toString('latin1'))
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]))
      })
    })
    await once(greedy.listen(0, '127.0.0.1'), 'listening')
    const { port } = greedy.address() as AddressInfo
    const url = `postgres://ada@127.0.0.1:${port}/crm`
    const strange = PostgresSettings.parse({ url })
    const attempt = async (auth: PostgresAuth) => {
      const open = client.open(strange, auth, anywhere)
      const input = StatementInput.parse({ sql: 'select 1' })
      const bounds = { settings: strange, client: open, budgetMs: 500 }
      const verdict = await verdictOf(rowQueryOne.run(context(bounds), input))
      await client.close(open)
      return verdict
    }
    expect(await attempt(null)).toEqual({ kind: 'auth', detail: 'password_missing' })
    expect(seen.join()).not.toContain('the-password-of-bookend')
    await attempt({ password: 'mine' })
    expect(seen.join()).toContain('mine')
    vi.unstubAllEnvs()
    greedy.close()
  })

  test('to a server without TLS is refused when TLS is asked for', async () => {
    const strict = PostgresSettings.parse({ url: `${settings.url}?sslmode=verify-full` })
    const open = client.open(strict, null, anywhere)
    const input = StatementInput.parse({ sql: 'select 1' })
    const reading = rowQueryOne.run(context({ settings: strict, client: open }), input)
    expect(await verdictOf(reading)).toEqual({ kind: 'refused', detail: 'tls_error' })
    await client.close(open)
  })
})
