import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { query } from '../testing/query.ts'
import { DatabaseAwayError, openDatabase, type Database } from './database.ts'

let server: TestDatabase
let proxy: FaultProxy
let database: Database

beforeEach(async () => {
  server = await testDatabase()
  proxy = await openFaultProxy(server.url)
  database = openDatabase(proxy.url, { connections: 4, statementMs: 600 })
  await query(server, 'create schema bookend')
  await query(server, 'create table bookend.things (id integer primary key, count integer)')
  await query(server, 'insert into bookend.things select n, 0 from generate_series(1, 4) n')
})
afterEach(async () => {
  proxy.heal()
  await database.close()
  await proxy[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const add = (id: number): Promise<unknown> =>
  database.transaction((client) =>
    client.query('update things set count = count + 1 where id = $1', [id]),
  )
const counts = async (): Promise<unknown> =>
  (await query(server, 'select sum(count)::int as sum from bookend.things'))[0]
const raise = (state: string): string =>
  `do $$ begin raise exception 'test' using errcode = '${state}'; end $$`

describe('a transaction', () => {
  test.each(['40001', '40P01'])(
    'that ends with %s is tried again, four times (F10)',
    async (state) => {
      let tries = 0
      const work = database.transaction(async (client) => {
        tries += 1
        await client.query('update things set count = count + 1 where id = 1')
        if (tries < 4) await client.query(raise(state))
      })
      await work
      expect(tries).toBe(4)
      expect(await counts()).toEqual({ sum: 1 })
      const never = database.transaction((client) => client.query(raise(state)))
      await expect(never).rejects.toMatchObject({ code: state })
    },
  )

  test('in a deadlock is done in the end, and so is the other (F10)', async () => {
    const both = (first: number, second: number): Promise<void> =>
      database.transaction(async (client) => {
        for (const id of [first, second]) {
          await client.query('update things set count = count + 1 where id = $1', [id])
        }
      })
    await query(
      server,
      `alter database ${String(server.connection.database)} set deadlock_timeout = '20ms'`,
    )
    await database.close()
    database = openDatabase(proxy.url, { connections: 4, statementMs: 5_000 })
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([both(1, 2), both(2, 1), both(1, 2), both(2, 1)])
    }
    expect(await counts()).toEqual({ sum: 40 })
  })

  test.each(['25006', '57P01', '57P02', '57P03', '53100', '53300', '08006'])(
    'that ends with %s says that the database is away, once (F10)',
    async (state) => {
      let tries = 0
      const work = database.transaction((client) => {
        tries += 1
        return client.query(raise(state))
      })
      await expect(work).rejects.toBeInstanceOf(DatabaseAwayError)
      expect(tries).toBe(1)
      await add(1)
    },
  )

  test('on a read-only server says so, and goes on once it can be written (F10)', async () => {
    const name = String(server.connection.database)
    await query(server, `alter database ${name} set default_transaction_read_only = on`)
    await expect(add(1)).rejects.toBeInstanceOf(DatabaseAwayError)
    expect(await database.query('select id from things where id = 1')).toEqual([{ id: 1 }])
    const admin = { url: server.url.replace(name, 'postgres') }
    await query(admin, `alter database ${name} set default_transaction_read_only = off`)
    // A connection from before refuses once more, and is given up for one that knows.
    await vi.waitFor(() => add(1), { timeout: 15_000 })
    expect(await counts()).toEqual({ sum: 1 })
  })

  test('whose COMMIT was done but not answered is unknown, not failed (F14)', async () => {
    await add(2)
    proxy.dropCommitReply()
    await expect(add(1)).rejects.toBeInstanceOf(DatabaseAwayError)
    expect(await counts()).toEqual({ sum: 2 })
    await add(1)
  })
})

test('whoever finds all connections taken hears within half a second (F11)', async () => {
  await database.close()
  database = openDatabase(proxy.url, { connections: 4, statementMs: 10_000 })
  const releases: (() => void)[] = []
  const held = Array.from({ length: 4 }, () =>
    database.transaction(() => new Promise<void>((resolve) => releases.push(resolve))),
  )
  await vi.waitFor(() => expect(releases).toHaveLength(4), { timeout: 15_000 })
  const startedMs = performance.now()
  await expect(add(1)).rejects.toBeInstanceOf(DatabaseAwayError)
  await expect(database.query('select 1')).rejects.toBeInstanceOf(DatabaseAwayError)
  expect(performance.now() - startedMs).toBeLessThan(3_000)
  for (const release of releases) release()
  await Promise.all(held)
  // Those that came too late for the others are not lost to the pool.
  await Promise.all([1, 2, 3, 4].map(add))
  expect(await counts()).toEqual({ sum: 4 })
})

test('a server that answers no more costs its time-out, and the connection (F12)', async () => {
  await add(1)
  proxy.blackhole()
  const startedMs = performance.now()
  await expect(database.query('select 1')).rejects.toBeInstanceOf(DatabaseAwayError)
  await expect(add(1)).rejects.toBeInstanceOf(DatabaseAwayError)
  expect(performance.now() - startedMs).toBeLessThan(6_000)
  expect(database.pool.totalCount).toBe(0)
  proxy.heal()
  await add(1)
  expect(await counts()).toEqual({ sum: 2 })
})

test('a storm of resets ends nothing but what was under way (F13)', async () => {
  let done = 0
  let away = 0
  const work = async (): Promise<void> => {
    for (let round = 0; round < 40; round += 1) {
      await add(1 + (round % 4)).then(
        () => (done += 1),
        (error: unknown) => {
          expect(error).toBeInstanceOf(DatabaseAwayError)
          away += 1
        },
      )
      if (round % 4 === 0) proxy.resetAll()
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
  expect(done + away).toBe(160)
  expect(away).toBeGreaterThan(0)
  await add(1)
  const { sum } = (await counts()) as { sum: number }
  expect(sum).toBeGreaterThanOrEqual(done + 1)
})
