import { createApiKey } from '@bookend/core'
import { createClient, type Client } from '@bookend/sdk/client'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { query } from '../testing/query.ts'
import { serverChild, type ServerChild } from '../testing/server-child.ts'
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder.ts'
import {
  analyzedAgent,
  analyzedCall,
  analyzedCount,
  answersOf,
  finishedCall,
} from './testing/analyzed-calls.ts'

const { key } = createApiKey()
let database: TestDatabase
let folder: TemporaryFolder

beforeAll(async () => {
  database = await testDatabase()
  folder = await temporaryFolder()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const start = (crashAt: string): Promise<ServerChild> =>
  serverChild({
    PORT: '0',
    DATABASE_URL: database.url,
    BOOKEND_DATA_DIR: join(folder.path, 'data'),
    BOOKEND_WORKFLOWS: folder.path,
    BOOKEND_LOG_LEVEL: 'silent',
    BOOKEND_API_KEY: key,
    BOOKEND_TEST_CRASHES: '1',
    BOOKEND_CRASH_AT: crashAt,
  })
const clientOf = ({ url }: ServerChild): Client => createClient({ baseUrl: url, key })

test('an analysis whose worker was killed is made by the next one, once its lease is over (W1)', async () => {
  let id: string
  {
    await using first = await start('analysis.answered')
    const agent = await analyzedAgent(clientOf(first), [
      { title: 'length', kind: 'duration', options: { field: 'seconds' } },
      { title: 'talk', kind: 'talk_ratio', options: { field: 'user' } },
    ])
    id = await finishedCall(clientOf(first), agent, [['user', 'Hello']])
    expect(await first.ended).toBe('SIGKILL')
  }
  await using second = await start('')
  const leased = 'select attempts from analyses where lease_token is not null and due_at > now()'
  await vi.waitFor(async () => expect(await query(database, leased)).toHaveLength(2), {
    timeout: 15_000,
  })
  // The lease is over.
  await query(database, 'update analyses set due_at = now()')
  const call = await analyzedCall(clientOf(second), id)
  expect(call.status).toBe('completed')
  expect(answersOf(call)).toEqual({ length: 40, talk: 1 })
  expect(call.analysis_results.map(({ attempts }) => attempts)).toEqual([2, 2])
  expect(await analyzedCount(clientOf(second), id)).toBe(1)
}, 60_000)
