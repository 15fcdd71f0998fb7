import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../store/database.ts'
import { migrate } from '../../store/migrate.ts'
import { systemClock as clock } from '../../system-clock.ts'
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts'
import { countOld } from '../../retention/count-old.ts'
import { type Retention, startRetention } from './retention.ts'

const WORKSPACE = '01990000-0000-7000-8000-000000000000'
const OTHER = '01990000-0000-7000-8000-000000000001'
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

let server: TestDatabase
let database: Database
const opened: Retention[] = []

beforeAll(async () => {
  server = await testDatabase()
  const client = new pg.Client(server.connection)
  await client.connect()
  await migrate(client)
  await client.end()
  database = openDatabase(server.url)
  for (const id of [WORKSPACE, OTHER]) {
    await database.query("insert into workspaces (id, name, signing_secret) values ($1, 'W', '')", [
      id,
    ])
  }
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((retention) => retention.close()))
  await database.query('truncate calls, events, runs, subscriptions, idempotency_keys cascade')
})
afterAll(async () => {
  await database.close()
  await server[Symbol.asyncDispose]()
})

function retentionOf(retentionDays: number, batchMax = 2): Retention {
  const retention = startRetention({ database, clock, log, retentionDays, batchMax })
  opened.push(retention)
  return retention
}

let counter = 0
const nextId = (): string => `01990000-0000-7000-8000-1${String((counter += 1)).padStart(11, '0')}`
const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000)

interface Aged {
  readonly days: number
  readonly workspace?: string
  readonly callId?: string | null
}

async function addRun({ days, workspace = WORKSPACE, callId = null }: Aged, rest: object = {}) {
  const id = nextId()
  const { status = 'completed', event = null } = rest as { status?: string; event?: string | null }
  await database.query(
    `insert into runs (workspace_id, id, kind, workflow, status, call_id, event_id, started_at)
     values ($1, $2, 'journey', 'after', $3, $4, $5, $6)`,
    [workspace, id, status, callId, event, ago(days)],
  )
  await database.query(
    `insert into run_steps (workspace_id, run_id, name, position, status, start_ms)
     values ($1, $2, 'step', 0, 'ok', 0)`,
    [workspace, id],
  )
  return id
}

async function addEvent({ days, workspace = WORKSPACE, callId = null }: Aged) {
  const id = `evt_${nextId()}`
  const subscription = nextId()
  const delivery = nextId()
  await database.query(
    `insert into events (workspace_id, id, type, dedupe_key, call_id, payload, created_at)
     values ($1, $2, 'call.completed', $2, $3, '{}', $4)`,
    [workspace, id, callId, ago(days)],
  )
  await database.query(
    `insert into subscriptions (workspace_id, id, url, event_types, description, payload, secret)
     values ($1, $2, 'https://x', '{}', '', 'thin', '')`,
    [workspace, subscription],
  )
  await database.query(
    `insert into deliveries (workspace_id, id, subscription_id, event_id, status, created_at)
     values ($1, $2, $3, $4, 'delivered', $5)`,
    [workspace, delivery, subscription, id, ago(days)],
  )
  await database.query(
    `insert into delivery_attempts (workspace_id, delivery_id, attempt, started_at, duration_ms)
     values ($1, $2, 1, now(), 1)`,
    [workspace, delivery],
  )
  return id
}

/** A call with everything that can belong to one. */
async function addCall({ days, workspace = WORKSPACE }: Aged): Promise<string> {
  const id = nextId()
  await database.query(
    `insert into calls (workspace_id, id, status, direction, platform, from_number, to_number, agent,
       params, external_identifiers, outcome, created_at)
     values ($1, $2, 'completed', 'inbound', 'api', '+1', '+2', '{}', '{}', '{}', '{}', $3)`,
    [workspace, id, ago(days)],
  )
  await database.query(
    `insert into transcript_entries (workspace_id, call_id, sequence, role, text, is_final)
     values ($1, $2, 0, 'user', 'Hello', true)`,
    [workspace, id],
  )
  await addEvent({ days, workspace, callId: id })
  await addRun({ days, workspace, callId: id })
  return id
}

const TABLES = [
  'calls',
  'transcript_entries',
  'events',
  'deliveries',
  'delivery_attempts',
  'runs',
  'run_steps',
]

async function countAll(): Promise<Record<string, number>> {
  const counts = TABLES.map((table) => `(select count(*)::int from ${table}) as ${table}`)
  const [row] = await database.query<Record<string, number>>(`select ${counts.join(', ')}`)
  return row ?? {}
}

const each = (count: number) => Object.fromEntries(TABLES.map((table) => [table, count]))
const idsOf = async (table: string): Promise<string[]> =>
  (await database.query<{ id: string }>(`select id from ${table} order by id`)).map(({ id }) => id)

describe('a sweep', () => {
  test('takes old calls with all that is theirs, in batches, and leaves the others', async () => {
    for (const days of [91, 95, 120, 400, 1_000]) await addCall({ days })
    const young = [await addCall({ days: 89 }), await addCall({ days: 0 })]
    expect(await countAll()).toEqual(each(7))
    expect(await retentionOf(90).sweep()).toMatchObject({ calls: 5 })
    expect(await countAll()).toEqual(each(2))
    expect(await idsOf('calls')).toEqual(young)
  })

  test('takes them in every workspace', async () => {
    await addCall({ days: 100 })
    await addCall({ days: 100, workspace: OTHER })
    expect(await retentionOf(90).sweep()).toMatchObject({ calls: 2 })
    expect(await countAll()).toEqual(each(0))
  })

  test('leaves a call whose journey is still open, and all that is its (D2)', async () => {
    const call = await addCall({ days: 100 })
    for (const status of ['queued', 'running', 'waiting']) {
      const id = await addRun({ days: 100, callId: call }, { status })
      expect(await retentionOf(90).sweep()).toMatchObject({ calls: 0, runs: 0, events: 0 })
      await database.query("update runs set status = 'failed' where id = $1", [id])
    }
    expect(await retentionOf(90).sweep()).toMatchObject({ calls: 1 })
    expect(await countAll()).toEqual(each(0))
  })

  test('takes runs and events that belong to no call, once they are over (D2)', async () => {
    const event = await addEvent({ days: 100 })
    const kept = await addEvent({ days: 100 })
    await addRun({ days: 100 }, { event })
    const open = await addRun({ days: 100 }, { event: kept, status: 'waiting' })
    await addRun({ days: 10 })
    expect(await retentionOf(90).sweep()).toMatchObject({ runs: 1, events: 1, deliveries: 1 })
    expect(await idsOf('events')).toEqual([kept])
    expect(await idsOf('runs')).toContain(open)
  })

  test('takes idempotency keys of yesterday, also where everything is kept', async () => {
    await addCall({ days: 4_000 })
    for (const [key, days] of [
      ['old', 1.1],
      ['older', 9],
      ['oldest', 90],
      ['new', 0.9],
    ] as const) {
      await database.query(
        `insert into idempotency_keys (workspace_id, route, key, body_hash, created_at)
         values ($1, 'createAgent', $2, '', $3)`,
        [WORKSPACE, key, ago(days)],
      )
    }
    expect(await retentionOf(0).sweep()).toEqual({
      calls: 0,
      transcripts: 0,
      runsOfCalls: 0,
      runs: 0,
      events: 0,
      deliveries: 0,
      platformDeliveries: 0,
      keys: 3,
    })
    expect(await countAll()).toEqual(each(1))
  })

  test('keeps each kind for as long as its workspace says', async () => {
    const retention = { calls_days: 0, transcripts_days: 7, runs_days: 30, deliveries_days: 14 }
    await database.query('update workspaces set settings = $2 where id = $1', [
      WORKSPACE,
      { retention },
    ])
    for (const days of [10, 20, 40]) await addCall({ days })
    await database.query(
      `update transcript_entries t set received_at = c.created_at from calls c where c.id = t.call_id`,
    )
    await database.query('update calls set ended_at = created_at')
    const other = await addCall({ days: 40, workspace: OTHER })
    expect(await countOld(database.pool, WORKSPACE, retention, 90)).toEqual({
      calls: 0,
      transcripts: 3,
      runs: 1,
      deliveries: 2,
    })
    expect(await retentionOf(90).sweep()).toMatchObject({
      calls: 0,
      transcripts: 3,
      runsOfCalls: 1,
      deliveries: 2,
    })
    expect(await idsOf('calls')).toHaveLength(4)
    expect(await database.query('select call_id from transcript_entries')).toEqual([
      { call_id: other },
    ])
    await database.query("update workspaces set settings = '{}'")
  })

  test('is left to the process that is at it (D3)', async () => {
    await addCall({ days: 100 })
    await database.transaction(async (client) => {
      await client.query('select pg_advisory_xact_lock(4400008)')
      expect(await retentionOf(90).sweep()).toMatchObject({ calls: 0 })
    })
    const both = await Promise.all([retentionOf(90).sweep(), retentionOf(90).sweep()])
    expect(both.reduce((total, { calls }) => total + calls, 0)).toBe(1)
  })

  test('ends between two batches when the server stops', async () => {
    for (let count = 0; count < 6; count += 1) await addCall({ days: 100 })
    const retention = retentionOf(90, 1)
    const sweeping = retention.sweep()
    await expect.poll(() => idsOf('calls')).not.toHaveLength(6)
    await retention.close()
    const { calls } = await sweeping
    expect(calls).toBeLessThan(6)
    expect(await idsOf('calls')).toHaveLength(6 - calls)
  })
})
