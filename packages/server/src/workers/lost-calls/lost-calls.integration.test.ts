import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import pg from 'pg'
import type { Change } from '../../changes/change.ts'
import { openDatabase, type Database } from '../../store/database.ts'
import { migrate } from '../../store/migrate.ts'
import { findCall } from '../../store/postgres/calls.ts'
import { systemClock as clock } from '../../system-clock.ts'
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts'
import { startLostCalls, type LostCalls } from './lost-calls.ts'

const WORKSPACE = '01990000-0000-7000-8000-000000000000'
const HOUR_MS = 3_600_000
let server: TestDatabase
let database: Database
let lost: LostCalls
let beforeClosing: () => Promise<unknown> = async () => undefined
const heard: Change[] = []
const started: string[] = []
let counter = 0

beforeAll(async () => {
  server = await testDatabase()
  const client = new pg.Client(server.connection)
  await client.connect()
  await migrate(client)
  await client.end()
  database = openDatabase(server.url)
  await database.query("insert into workspaces (id, name, signing_secret) values ($1, 'W', '')", [
    WORKSPACE,
  ])
  lost = startLostCalls({
    database: {
      ...database,
      async transaction(work) {
        await beforeClosing()
        return await database.transaction(work)
      },
    },
    clock,
    silentMaxMs: HOUR_MS,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    engine: {
      async enqueue(_, event) {
        started.push(`${event.type} ${event.callId}`)
        return []
      },
    },
    changes: {
      publish: (change) => void heard.push(change),
      subscribe: () => () => undefined,
      close: async () => undefined,
    },
  })
})
afterAll(async () => {
  await lost.close()
  await database.close()
  await server[Symbol.asyncDispose]()
})
beforeEach(() => void started.splice(0))

async function begun(minutesAgo: number, status = 'in_progress'): Promise<string> {
  counter += 1
  const id = `01990000-0000-7000-9000-${String(counter).padStart(12, '0')}`
  await database.query(
    `insert into calls (workspace_id, id, status, direction, platform, from_number, to_number, agent,
       params, external_identifiers, outcome, created_at, started_at)
     values ($1, $2, $3, 'inbound', 'api', 'x', 'y',
       '{"name":null,"voice_id":null,"language":"en","record":false,"agent_speaks_first":true,"analyzers":[]}',
       '{}', '{}', '{"type":"continue"}', now() - $4 * interval '1 minute', now() - $4 * interval '1 minute')`,
    [WORKSPACE, id, status, minutesAgo],
  )
  return id
}

const spoke = (id: string, minutesAgo: number) =>
  database.query(
    `insert into transcript_entries (workspace_id, call_id, sequence, role, text, is_final, received_at)
     values ($1, $2, 0, 'user', 'Hello', true, now() - $3 * interval '1 minute')`,
    [WORKSPACE, id, minutesAgo],
  )

const read = (id: string) => findCall(database.pool, WORKSPACE, id)

describe('a call whose end never came', () => {
  test('is closed as lost, with its event, when it last showed a sign of life', async () => {
    const id = await begun(180)
    await spoke(id, 120)
    expect(await lost.look()).toBe(1)
    expect(await read(id)).toMatchObject({
      status: 'failed',
      ended_reason: 'lost',
      duration: 3_600,
    })
    expect(started).toEqual([`call.completed ${id}`])
    expect(heard.map(({ topic }) => topic)).toContain('calls')
  })

  test('is closed once, however many look', async () => {
    await begun(180)
    await Promise.all(Array.from({ length: 4 }, () => lost.look()))
    await lost.look()
    expect(started).toHaveLength(1)
  })

  test('goes on when somebody speaks at the last moment (C2)', async () => {
    const id = await begun(180)
    beforeClosing = () => spoke(id, 0)
    expect(await lost.look()).toBe(0)
    beforeClosing = async () => undefined
    expect(await read(id)).toMatchObject({ status: 'in_progress', ended_at: null })
    expect(started).toEqual([])
  })

  test('is left alone while somebody speaks, while it is young, and once it has ended', async () => {
    await spoke(await begun(180), 30)
    await begun(30)
    await begun(180, 'completed')
    expect(await lost.look()).toBe(0)
  })
})
