// What is done about calls when nobody delivers anything: with a real database, a clock that moves when
// told to, and a platform's API on a socket of our own.

import type { VoicePlatformId } from '@bookend/contract'
import { createId } from '@bookend/core'
import { fakeClock, type FakeClock } from '@bookend/core/testing'
import { loadFixture } from '@bookend/platforms/testing'
import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AgentInMemory } from '../snapshot.ts'
import { createOutgoingClient } from '../outgoing/client.ts'
import { createSecrets } from '../secrets/secrets.ts'
import { openDatabase, type Database } from '../store/database.ts'
import { insertPlatform, platformContext } from '../store/postgres/platforms.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import { migrateAt } from '../start/open-storage.ts'
import { openPlatforms, type LivePlatforms } from './live-platforms.ts'
import { startPlatformWork, type PlatformWork } from './platform-work.ts'
import { startReconciling, type Reconciling } from './reconcile.ts'
import { createTakeDelivery } from './take-delivery.ts'

const workspaceId = createId(new Date())
const agentId = createId(new Date())
const secrets = createSecrets(new Uint8Array(32))
const nothing = { info: () => undefined, warn: () => undefined, error: () => undefined }

let testing: TestDatabase
let database: Database
let clock: FakeClock
let live: LivePlatforms
let work: PlatformWork
let reconciling: Reconciling
let take: ReturnType<typeof createTakeDelivery>
const outgoing = createOutgoingClient({ allowPrivateTargets: true })
/** What the platform's API was asked for, and its answers, the last one for ever. */
let asked: string[] = []
let answers: (path: string) => { status: number; body: unknown } = () => ({ status: 404, body: {} })

const api = createServer((request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
  const { status, body } = answers(request.url ?? '')
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

beforeAll(async () => {
  testing = await testDatabase()
  await migrateAt(testing.url)
  database = openDatabase(testing.url)
  await database.query(`insert into workspaces (id, name, signing_secret) values ($1, 'a', '')`, [
    workspaceId,
  ])
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  api.close()
  await outgoing.close()
  await database.close()
  await testing[Symbol.asyncDispose]()
})

const agent = {
  id: agentId,
  workspace_id: workspaceId,
  version: 1,
  name: 'Front desk',
  settings: {
    voice_id: null,
    language: 'en',
    record: false,
    agent_speaks_first: true,
    analyzers: [],
  },
} as unknown as AgentInMemory

beforeEach(async () => {
  clock = fakeClock(new Date())
  asked = []
  live = await openPlatforms({
    database,
    secrets,
    changes: { subscribe: () => () => undefined },
    log: nothing,
  })
  const address = api.address()
  const port = typeof address === 'object' ? address?.port : 0
  const parts = {
    clock,
    database,
    live,
    log: nothing,
    changes: { publish: () => undefined },
    engine: { enqueue: async () => [] },
    snapshot: { findAgent: () => agent, agentIdOfNumber: () => undefined },
    takeNumber: () => null,
    recorded: async () => undefined,
    onDue: () => undefined,
    onEnded: () => undefined,
    paceMs: 0,
    outgoing: {
      send: (request: Parameters<typeof outgoing.send>[0]) => {
        const { pathname, search } = new URL(request.url)
        return outgoing.send({ ...request, url: `http://127.0.0.1:${port}${pathname}${search}` })
      },
    },
  }
  // They look when a test says so, and not by themselves.
  const still = { ...clock, setTimer: () => () => undefined }
  work = startPlatformWork({ ...parts, clock: still })
  reconciling = startReconciling({ ...parts, clock: still })
  take = createTakeDelivery(parts)
})
afterEach(async () => {
  await work.close()
  await reconciling.close()
  await database.query('delete from platforms')
})

async function connect(
  platform: VoicePlatformId,
  options: object,
  waitMinutes: number | null = null,
) {
  const row = { workspace_id: workspaceId, id: createId(new Date()) }
  const sealed = secrets.encrypt(JSON.stringify(options), platformContext(workspaceId, row.id))
  await insertPlatform(database.pool, {
    ...row,
    platform,
    name: 'main',
    options: sealed,
    options_shown: {},
    agents: {},
    default_agent_id: agentId,
    analysis_wait_minutes: waitMinutes,
  })
  await live.reload()
}

let calls = 0
const someId = () => `call-of-a-test-${(calls += 1)}`

/** A sample's delivery, of this call, now. */
async function deliver(platform: VoicePlatformId, name: string, theirs: string, id: string) {
  const { request } = loadFixture(platform, name)
  const one = live.find(platform, 'main')
  if (request === undefined || one?.connection == null) throw new Error('nothing to deliver')
  const body = Buffer.from(
    request.body.replaceAll(theirs, id).replaceAll('evt_test_', `evt_${id}_`),
  )
  const raw = { ...request, body, received_at: clock.now().toISOString() }
  const reading = one.connection.readEvents(raw)
  if (reading.kind !== 'events') throw new Error(reading.detail)
  await take({ live: one, connection: one.connection, raw, reading })
}

async function callOf(id: string) {
  const [call] = await database.query<{
    status: string
    summary: string | null
    ended_reason: string | null
    events: readonly string[] | null
    turns: number
  }>(
    `select c.status, c.summary, c.ended_reason,
       (select jsonb_agg(e.type order by e.type) from events e
        where e.workspace_id = c.workspace_id and e.call_id = c.id) as events,
       (select count(*) from transcript_entries t
        where t.workspace_id = c.workspace_id and t.call_id = c.id) as turns
     from calls c where c.external_identifiers ->> 'platform_call_id' = $1`,
    [id],
  )
  return call
}

describe('a call of which only the id is known', () => {
  const theirs = '123e4567-e89b-12d3-a456-426614174000'
  const { options } = loadFixture('simple-ai', 'event.call.completed')

  test('is asked for until its record is whole, and only then completed', async () => {
    await connect('simple-ai', options)
    const id = someId()
    const { answers: records = [] } = loadFixture('simple-ai', 'hydrate.sequence')
    let at = 0
    answers = () => records[Math.min(at++, records.length - 1)] ?? { status: 500, body: {} }
    await deliver('simple-ai', 'event.call.completed', theirs, id)
    expect((await callOf(id))?.events).toBeNull()

    for (const _ of records) {
      await work.look()
      await clock.advance(300_000)
    }
    expect(asked).toEqual(Array(3).fill(`GET /api/v1/calls/${id}`))
    const call = await callOf(id)
    expect(call).toMatchObject({ status: 'completed', events: ['call.analyzed', 'call.completed'] })
    expect(call?.turns).toBeGreaterThan(0)
  })

  test('is completed as it is known when its record cannot be had', async () => {
    await connect('simple-ai', options)
    const id = someId()
    answers = () => ({ status: 500, body: {} })
    await deliver('simple-ai', 'event.call.completed', theirs, id)
    for (let tries = 0; tries < 8; tries += 1) {
      expect((await callOf(id))?.events).toBeNull()
      await work.look()
      await clock.advance(300_000)
    }
    expect((await callOf(id))?.events).toEqual(['call.completed'])
    expect(asked.length).toBe(8)
  })

  test('is not asked for again with a key that was refused', async () => {
    await connect('simple-ai', options)
    const id = someId()
    answers = () => ({ status: 401, body: {} })
    await deliver('simple-ai', 'event.call.completed', theirs, id)
    await work.look()
    await clock.advance(300_000)
    await work.look()
    expect(asked.length).toBe(1)
    expect((await callOf(id))?.events).toEqual(['call.completed'])
  })

  test('is completed at once where there is no key to ask with', async () => {
    const { api_key: _, ...keyless } = options
    await connect('simple-ai', keyless)
    const id = someId()
    await deliver('simple-ai', 'event.call.completed', theirs, id)
    expect((await callOf(id))?.events).toEqual(['call.completed'])
  })
})

describe('an end that was seen coming', () => {
  const theirs = '0f5f8b2c-6a0d-4b6e-9a5e-1d2c3b4a5f60'
  const { options } = loadFixture('vapi', 'event.status-update.ended')

  test('and is not reported completes the call after two minutes, from what is known', async () => {
    await connect('vapi', options)
    const id = someId()
    await deliver('vapi', 'event.status-update.ended', theirs, id)
    await clock.advance(119_000)
    await work.look()
    expect((await callOf(id))?.events).toBeNull()
    await clock.advance(2_000)
    await work.look()
    expect(await callOf(id)).toMatchObject({ status: 'completed', events: ['call.completed'] })
    // The report that comes after all adds to the record, and completes nothing again.
    await deliver('vapi', 'event.end-of-call-report', theirs, id)
    const late = await callOf(id)
    expect(late?.events).toEqual(['call.analyzed', 'call.completed'])
    expect(late?.summary).toContain('Mira')
  })
})

describe('a connection that wants the analysis', () => {
  const theirs = 'call_5b2f0c9d7a1e4f3380aa'
  const { options } = loadFixture('retell', 'event.call_ended')

  test('completes its calls with it', async () => {
    await connect('retell', options, 10)
    const id = someId()
    await deliver('retell', 'event.call_ended', theirs, id)
    expect((await callOf(id))?.events).toBeNull()
    await deliver('retell', 'event.call_analyzed', theirs, id)
    expect((await callOf(id))?.events).toEqual(['call.analyzed', 'call.completed'])
  })

  test('and without it once it has waited long enough', async () => {
    await connect('retell', options, 10)
    const id = someId()
    await deliver('retell', 'event.call_ended', theirs, id)
    await clock.advance(9 * 60_000)
    await work.look()
    expect((await callOf(id))?.events).toBeNull()
    await clock.advance(61_000)
    await work.look()
    expect((await callOf(id))?.events).toEqual(['call.completed'])
  })
})

describe('a call whose end was never delivered', () => {
  const theirs = 'call_5b2f0c9d7a1e4f3380aa'
  const { options } = loadFixture('retell', 'event.call_ended')
  const recordOf = (id: string, startedAt: Date, endedAt: Date | null) => {
    const body = JSON.parse(loadFixture('retell', 'event.call_ended').request?.body ?? '{}') as {
      call: object
    }
    return {
      ...body.call,
      call_id: id,
      start_timestamp: startedAt.getTime(),
      end_timestamp: endedAt?.getTime() ?? null,
    }
  }

  test('is asked for once it has been silent for a while, and completed', async () => {
    await connect('retell', options)
    const id = someId()
    const began = clock.now()
    await deliver('retell', 'event.call_started', theirs, id)
    answers = (path) =>
      path.includes(id)
        ? { status: 200, body: recordOf(id, began, null) }
        : { status: 200, body: { items: [] } }
    expect(await reconciling.look()).toBe(0)
    expect(asked).toEqual(['POST /v3/list-calls'])
    await clock.advance(6 * 60_000)
    expect(await reconciling.look()).toBe(0)
    expect((await callOf(id))?.events).toEqual(['call.started'])
    const ended = clock.now()
    answers = () => ({ status: 200, body: recordOf(id, began, ended) })
    // Asked a moment ago: it is left alone.
    expect(await reconciling.look()).toBe(0)
    await clock.advance(6 * 60_000)
    expect(await reconciling.look()).toBe(1)
    expect(await callOf(id)).toMatchObject({
      status: 'completed',
      events: ['call.completed', 'call.started'],
    })
  })

  test('and of which nothing came at all is found in the list of calls, once', async () => {
    await connect('retell', options)
    const id = someId()
    await clock.advance(20 * 60_000)
    const ended = new Date(clock.now().getTime() - 10 * 60_000)
    const began = new Date(ended.getTime() - 60_000)
    answers = (path) =>
      path.includes('list-calls')
        ? {
            status: 200,
            body: { items: [{ call_id: id }, { call_id: 'too-old' }], has_more: false },
          }
        : path.includes(id)
          ? { status: 200, body: recordOf(id, began, ended) }
          : { status: 200, body: recordOf('too-old', new Date(0), new Date(60_000)) }
    expect(await reconciling.look()).toBe(1)
    expect(await callOf(id)).toMatchObject({ status: 'completed', events: ['call.completed'] })
    expect(await callOf('too-old')).toBeUndefined()
    await clock.advance(6 * 60_000)
    expect(await reconciling.look()).toBe(0)
    // Delivered after all: the same call.
    await deliver('retell', 'event.call_ended', theirs, id)
    expect((await callOf(id))?.events).toEqual(['call.completed'])
  })
})
