import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Log } from '../log.ts'
import { systemClock } from '../system-clock.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { query } from '../testing/query.ts'
import { EVERYTHING, openChanges, type Change, type Changes } from './changes.ts'

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const change = (id: string, topic: Change['topic'] = 'calls'): Change => {
  return { topic, workspaceId: 'w', id, callId: null }
}

let database: TestDatabase
const opened: Changes[] = []

beforeEach(async () => {
  database = await testDatabase()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((changes) => changes.close()))
  await database[Symbol.asyncDispose]()
})

async function open(databaseUrl = database.url): Promise<{ changes: Changes; heard: Change[] }> {
  const changes = await openChanges({ databaseUrl, log, clock: systemClock })
  opened.push(changes)
  const heard: Change[] = []
  changes.subscribe((each) => heard.push(each))
  return { changes, heard }
}

const terminate = () =>
  query(
    database,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  )

describe('a change', () => {
  test('is heard here at once, and elsewhere once, however often it was published', async () => {
    const [here, there] = [await open(), await open()]
    for (let n = 0; n < 20; n += 1) here.changes.publish(change('a'))
    expect(here.heard).toHaveLength(20)
    here.changes.publish(change('b', 'runs'))
    await vi.waitFor(() => expect(there.heard).toEqual([change('a'), change('b', 'runs')]), {
      timeout: 15_000,
    })
    there.changes.publish(change('c'))
    await vi.waitFor(() => expect(here.heard.at(-1)).toEqual(change('c')), { timeout: 15_000 })
    expect(here.heard).toHaveLength(22)
  })

  test('among hundreds in one moment reaches the others', async () => {
    const [here, there] = [await open(), await open()]
    const ids = Array.from({ length: 600 }, (_, n) => `call-${n}`)
    for (const id of ids) here.changes.publish(change(id))
    await vi.waitFor(() => expect(there.heard.map(({ id }) => id)).toEqual(ids), {
      timeout: 15_000,
    })
  })

  test('is not lost to a listener that throws before another hears it (N4)', async () => {
    const here = await openChanges({ databaseUrl: database.url, log, clock: systemClock })
    opened.push(here)
    const heard: Change[] = []
    here.subscribe(() => {
      throw new Error('this listener is broken')
    })
    const end = here.subscribe((each) => heard.push(each))
    expect(() => here.publish(change('a'))).not.toThrow()
    end()
    here.publish(change('b'))
    expect(heard).toEqual([change('a')])
  })

  test('published just before the end is still told to the others', async () => {
    const [here, there] = [await open(), await open()]
    here.changes.publish(change('last'))
    await here.changes.close()
    await vi.waitFor(() => expect(there.heard).toEqual([change('last')]), { timeout: 15_000 })
  })
})

describe('a connection that is lost', () => {
  test('is opened again, everything is read anew, and what waited is told (N3, F13)', async () => {
    const [here, there] = [await open(), await open()]
    await terminate()
    here.changes.publish(change('while away'))
    await vi.waitFor(() => expect(there.heard).toContainEqual(EVERYTHING), { timeout: 5_000 })
    await vi.waitFor(() => expect(here.heard).toContainEqual(EVERYTHING), { timeout: 5_000 })
    here.changes.publish(change('after'))
    await vi.waitFor(() => expect(there.heard).toContainEqual(change('after')), { timeout: 5_000 })
  })

  test('never keeps a publisher waiting, nor makes it fail (N1)', async () => {
    const proxy = await openProxy()
    const here = await open(proxy.url)
    await proxy.cut()
    here.changes.publish(change('a'))
    expect(here.heard).toEqual([change('a')])
    await here.changes.close()
  })
})

test('a database that is away at the start is said at the start', async () => {
  await expect(
    openChanges({ databaseUrl: 'postgres://u@127.0.0.1:1/none', log, clock: systemClock }),
  ).rejects.toThrow('ECONNREFUSED')
})

/** Stands before the database until it is cut; afterwards nobody answers there. */
async function openProxy(): Promise<{ url: string; cut(): Promise<void> }> {
  const { connection } = database
  const { host = '', port = 5432 } = connection
  const path = `${host}/.s.PGSQL.${port}`
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = host.startsWith('/') ? connect(path) : connect(port, host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    near.pipe(far).pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const user = encodeURIComponent(connection.user ?? '')
  const password = typeof connection.password === 'string' ? connection.password : ''
  const door = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `postgres://${user}:${encodeURIComponent(password)}@${door}/${connection.database ?? ''}`,
    async cut() {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}
