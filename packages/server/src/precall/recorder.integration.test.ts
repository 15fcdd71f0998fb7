import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createId } from '@bookend/core'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import type { CallRow } from '../store/postgres/call-row.ts'
import { createEventId } from '../store/postgres/events.ts'
import { systemClock as clock } from '../system-clock.ts'
import { testDatabase, type TestDatabase } from '../testing/postgres.ts'
import type { CallRecord } from './call-record.ts'
import { Recorder } from './recorder.ts'
import { Spool } from './spool.ts'

const WORKSPACE = '01990000-0000-7000-8000-000000000000'
let server: TestDatabase
let database: Database
let folder: string

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
  folder = await mkdtemp(join(tmpdir(), 'bookend-recorder-'))
})
afterAll(async () => {
  await database.close()
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const rejectedPath = () => join(folder, 'rejected.ndjson')

const openRecorder = (spool: Spool): Recorder =>
  new Recorder({
    spool,
    database,
    clock,
    rejectedPath: rejectedPath(),
    engine: { enqueue: async () => [] },
    changes: {
      publish: () => undefined,
      subscribe: () => () => undefined,
      close: async () => undefined,
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })

const openSpool = (): Spool =>
  new Spool(join(folder, 'spool'), (error) => {
    throw error
  })

function recordOf(given: Partial<CallRow> = {}): CallRecord {
  const now = clock.now()
  const call: CallRow = {
    workspace_id: WORKSPACE,
    id: createId(now),
    number: 1,
    status: 'in_progress',
    direction: 'inbound',
    platform: 'api',
    from_number: 'x',
    to_number: 'y',
    from_number_e164: null,
    to_number_e164: null,
    attestation: null,
    agent_id: null,
    agent_version: null,
    agent: {
      name: null,
      voice_id: null,
      language: 'en',
      record: false,
      agent_speaks_first: true,
      analyzers: [],
    },
    call_prompt: null,
    first_message: null,
    params: {},
    external_identifiers: {},
    outcome: { type: 'continue' },
    pre_call: null,
    flags: [],
    created_at: now.toISOString(),
    started_at: null,
    ended_at: null,
    duration_s: null,
    ended_reason: null,
    answered_by: null,
    transferred: false,
    recording_url: null,
    summary: null,
    analysis_results: [],
    ...given,
  }
  return { call, run: null, steps: [], startedEventId: createEventId(now) }
}

const idsOf = (table: string, ids: readonly string[]) =>
  database.query(
    `select 1 from ${table} where workspace_id = $1 and ${table === 'calls' ? 'id' : 'call_id'} = any($2)`,
    [WORKSPACE, ids],
  )

test('a call that a kill left in the spool although it was stored is stored once (R1)', async () => {
  const record = recordOf()
  const { id } = record.call
  openSpool().keep(JSON.stringify(record))
  const first = openRecorder(openSpool())
  await first.recorded(id)
  // Killed between the commit and the settling, it leaves what is stored already.
  openSpool().keep(JSON.stringify(record))
  const spool = openSpool()
  expect(spool.left).toHaveLength(1)
  const second = openRecorder(spool)
  const next = recordOf()
  second.keep(next)
  await second.recorded(next.call.id)
  await second.close()
  expect(await idsOf('calls', [id, next.call.id])).toHaveLength(2)
  expect(await idsOf('events', [id])).toHaveLength(1)
  await expect(readFile(rejectedPath(), 'utf8')).rejects.toThrow('ENOENT')
})

test('a call of a version before, without a column of today, takes it from no call beside it', async () => {
  const { call, ...rest } = recordOf()
  const { summary: _, ...older } = call
  openSpool().keep(JSON.stringify({ ...rest, call: older }))
  const recorder = openRecorder(openSpool())
  const today = recordOf({ summary: 'She asked for an invoice' })
  recorder.keep(today)
  await Promise.all([recorder.recorded(call.id), recorder.recorded(today.call.id)])
  await recorder.close()
  const stored = await database.query<{ id: string; summary: string | null }>(
    'select id, summary from calls where workspace_id = $1 and id = any($2)',
    [WORKSPACE, [call.id, today.call.id]],
  )
  expect(new Map(stored.map(({ id, summary }) => [id, summary]))).toEqual(
    new Map([
      [call.id, null],
      [today.call.id, 'She asked for an invoice'],
    ]),
  )
})

test('a call the database refuses is set apart, and holds nobody else up (R3)', async () => {
  const recorder = openRecorder(openSpool())
  const good = Array.from({ length: 5 }, () => recordOf())
  const bad = recordOf({ from_number: 'a\u0000b' })
  const records = [...good.slice(0, 3), bad, ...good.slice(3)]
  for (const record of records) recorder.keep(record)
  await Promise.all(records.map(({ call }) => recorder.recorded(call.id)))
  await recorder.close()
  expect(
    await idsOf(
      'calls',
      good.map(({ call }) => call.id),
    ),
  ).toHaveLength(5)
  expect(await readFile(rejectedPath(), 'utf8')).toContain(bad.call.id)
})
