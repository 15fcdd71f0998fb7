// What is left after a crash at each named place, and that the next process goes on from there.

import { createApiKey } from '@bookend/core'
import { createClient, type Client } from '@bookend/sdk/client'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CrashPoint } from './crash-points.ts'
import { migrateAt } from './start/open-storage.ts'
import { testDatabase, type TestDatabase } from './testing/postgres.ts'
import { query } from './testing/query.ts'
import { serverChild, type ServerChild } from './testing/server-child.ts'
import { temporaryFolder, type TemporaryFolder } from './testing/temporary-folder.ts'
import { openEndpoint, type Endpoint } from './workers/deliveries/testing/endpoint.ts'

const NUMBER = '+15550100900'
const WAIT = { timeout: 30_000, interval: 50 }
const { key } = createApiKey()

let database: TestDatabase
let folder: TemporaryFolder
let endpoint: Endpoint

beforeAll(async () => {
  database = await testDatabase()
  folder = await temporaryFolder()
  endpoint = await openEndpoint()
})
afterAll(async () => {
  await endpoint[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const start = (crashAt: CrashPoint | '' = ''): Promise<ServerChild> =>
  serverChild({
    PORT: '0',
    DATABASE_URL: database.url,
    BOOKEND_DATA_DIR: join(folder.path, 'data'),
    BOOKEND_WORKFLOWS: folder.path,
    BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
    BOOKEND_LOG_LEVEL: 'silent',
    BOOKEND_API_KEY: key,
    BOOKEND_TEST_CRASHES: '1',
    BOOKEND_CRASH_AT: crashAt,
  })
const clientOf = ({ url }: ServerChild): Client => createClient({ baseUrl: url, key })
const count = async (sql: string): Promise<number> => {
  const [row] = (await query(database, `select count(*)::int as count from ${sql}`)) as [
    { count: number },
  ]
  return row.count
}
const received = (id: string): number =>
  endpoint.received.filter(({ headers }) => headers['webhook-id'] === id).length

test('a migration that did not commit is made by the next start (F5)', async () => {
  await expect(start('migration.before_commit')).rejects.toThrow('ended before it was ready')
  expect(await count('bookend.migrations')).toBe(0)
  await using server = await start()
  expect(await count('bookend.migrations')).toBeGreaterThan(5)
  const client = clientOf(server)
  const agent = await client.call('createAgent', { body: { name: 'Front' } })
  const { id } = await client.call('createNumber', { body: { number: NUMBER } })
  await client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
  await client.call('createWebhook', {
    body: { url: endpoint.url, event_types: ['call.completed'] },
  })
}, 60_000)

async function beginCall(server: ServerChild): Promise<string> {
  const body = { from_number: '+15550100001', to_number: NUMBER }
  const { call } = await clientOf(server).call('inboundCall', { body })
  await vi.waitFor(async () => {
    expect(await count(`bookend.calls where id = '${call.uuid}'`)).toBe(1)
  }, WAIT)
  return call.uuid
}
const complete = (server: ServerChild, id: string) =>
  clientOf(server).call('completeCall', { params: { id }, body: {} })

describe('an event whose server dies', () => {
  test.each<[string, CrashPoint, boolean]>([
    ['before the commit is stored by the retry (F1)', 'ingest.before_commit', false],
    ['after the commit is found by the retry (F2)', 'ingest.after_commit', true],
  ])(
    '%s',
    async (_, point, isStored) => {
      let id = ''
      {
        await using dying = await start(point)
        id = await beginCall(dying)
        await expect(complete(dying, id)).rejects.toThrow(/./)
        expect(await dying.ended).toBe('SIGKILL')
      }
      const events = `bookend.events where call_id = '${id}' and type = 'call.completed'`
      expect(await count(events)).toBe(isStored ? 1 : 0)
      await using server = await start()
      const answer = await complete(server, id)
      expect(answer.duplicate).toBe(isStored)
      expect(await count(events)).toBe(1)
      await vi.waitFor(() => expect(received(answer.event_id)).toBe(1), WAIT)
    },
    90_000,
  )
})

describe('a delivery whose server dies', () => {
  test.each<[string, CrashPoint, number]>([
    ['between its claim and its sending is sent when the lease ends (F3)', 'delivery.claimed', 1],
    ['before it is recorded is sent again, under the same id (F4)', 'delivery.sent', 2],
    ['once it is recorded is not sent again (F4)', 'delivery.recorded', 1],
  ])(
    '%s',
    async (_, point, sends) => {
      let eventId = ''
      {
        await using dying = await start(point)
        const id = await beginCall(dying)
        // Its answer may be cut off by the crash.
        await complete(dying, id).catch(() => undefined)
        expect(await dying.ended).toBe('SIGKILL')
        const events = await query(
          database,
          `select id from bookend.events where call_id = '${id}' and type = 'call.completed'`,
        )
        eventId = (events as { id: string }[])[0]?.id ?? ''
      }
      // As if the lease had ended.
      await query(
        database,
        `update bookend.deliveries set next_attempt_at = now() where status = 'pending'`,
      )
      await using _server = await start()
      await vi.waitFor(async () => {
        const delivered = `bookend.deliveries where event_id = '${eventId}' and status = 'delivered'`
        expect(await count(delivered)).toBe(1)
      }, WAIT)
      expect(received(eventId)).toBe(sends)
    },
    90_000,
  )
})

test('old records whose deletion did not commit are deleted by the next sweep (F5)', async () => {
  await migrateAt(database.url)
  await query(database, `update bookend.calls set created_at = now() - interval '60 days'`)
  const before = await count('bookend.calls')
  expect(before).toBeGreaterThan(0)
  const sweep = async (crashAt: CrashPoint | ''): Promise<NodeJS.Signals | null> => {
    const script = fileURLToPath(new URL('testing/sweep-host.ts', import.meta.url))
    const child = spawn(
      process.execPath,
      ['--conditions=@bookend/source', '--import', 'tsx', script, database.url],
      {
        env: { ...process.env, BOOKEND_TEST_CRASHES: '1', BOOKEND_CRASH_AT: crashAt },
        stdio: 'ignore',
      },
    )
    const [, signal] = (await once(child, 'exit')) as [number, NodeJS.Signals | null]
    return signal
  }
  expect(await sweep('retention.before_commit')).toBe('SIGKILL')
  expect(await count('bookend.calls')).toBe(before)
  expect(await sweep('')).toBeNull()
  expect(await count('bookend.calls')).toBe(0)
}, 60_000)
