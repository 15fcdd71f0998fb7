import { randomUUID } from 'node:crypto'
import { createId } from '@bookend/core'
import { journalConformance } from '@bookend/core/testing/journal-conformance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../system-clock.ts'
import { createPatience } from './patience.ts'
import { storeReceipts } from '../receipts/receipt-rows.ts'
import { insertEvent } from '../store/postgres/events.ts'
import { type AcceptEvent, openPostgresJournal } from './postgres-journal.ts'
import { insertRun } from './run-rows.ts'
import { openScene, type Scene } from './testing/scene.ts'
import { testCalls } from './testing/test-calls.ts'
import { testLinks } from './testing/test-links.ts'

let scene: Scene
const patience = createPatience(systemClock, new AbortController().signal)

beforeAll(async () => {
  scene = await openScene()
})
afterAll(async () => await scene[Symbol.asyncDispose]())

async function newRun(): Promise<{ workspaceId: string; runId: string }> {
  const { database, workspaceId } = scene
  const runId = createId(new Date())
  await insertRun(database.pool, {
    workspaceId,
    id: runId,
    workflow: 'test',
    version: 'v1',
    callId: null,
    agentId: null,
    eventId: `evt_${runId}`,
    key: null,
    error: null,
  })
  return { workspaceId, runId }
}

let stored = 0

/** Takes in an event as the server does, without journeys and subscriptions. */
const accept: AcceptEvent = async (client, event) => {
  const { event: accepted } = await insertEvent(client, event, new Date())
  return { id: accepted.id, announce: () => undefined }
}

/** A call of the run's own: its journal was told of one. */
async function newCall(): Promise<string> {
  const id = createId(new Date())
  await scene.database.query(
    `insert into calls (workspace_id, id, status, direction, platform, from_number, to_number,
       agent, params, external_identifiers, outcome, created_at)
     values ($1, $2, 'in_progress', 'inbound', 'api', '', '', '{}', '{}', '{}', '{}', now())`,
    [scene.workspaceId, id],
  )
  return id
}

async function open(
  run: { workspaceId: string; runId: string },
  publish = () => undefined,
  callId: string | null = null,
) {
  const mine = { ...run, execution: randomUUID() }
  expect(await scene.writer.open(mine, run.runId)).not.toBeNull()
  const { database, keyed, writer } = scene
  const parts = {
    database,
    keyed,
    writer,
    changes: { publish },
    patience,
    accept,
    links: testLinks,
    calls: testCalls,
  }
  const journal = openPostgresJournal(parts, { ...mine, callId })
  return { journal, mine }
}

journalConformance('PostgreSQL', async () => {
  const run = await newRun()
  const callId = await newCall()
  const { database, workspaceId } = scene
  const before = await database.query('select id from events')
  const known = new Set(before.map(({ id }) => id as string))
  return {
    open: async () => (await open(run, undefined, callId)).journal,
    async accept(type, payload) {
      stored += 1
      const id = `evt_${String(stored).padStart(6, '0')}`
      const event = { workspaceId, id, type, dedupeKey: id, callId: null, payload }
      await database.transaction((client) => insertEvent(client, event, new Date()))
    },
    async answer(name, answer) {
      const rows = await database.query(
        `update handoffs set status = 'answered', answer = $3, answered_by = 'x',
           answered_at = now()
         where workspace_id = $1 and run_id = $2 and step = $4 and status = 'open' returning id`,
        [workspaceId, run.runId, answer, name],
      )
      return rows.length > 0
    },
    async receive(key) {
      const told = { key, id: `${key}:sent`, status: 'sent', reference: null, toldAt: null }
      await storeReceipts(database.pool, workspaceId, 'smtp/main', [told, told])
    },
    async tags() {
      const rows = await database.query<{ name: string }>(
        `select t.name from call_tags c
         join tags t on t.workspace_id = c.workspace_id and t.id = c.tag_id
         where c.workspace_id = $1 and c.call_id = $2`,
        [workspaceId, callId],
      )
      return rows.map(({ name }) => name)
    },
    async emitted() {
      const rows = await database.query<{ id: string; type: string }>(
        "select id, type from events where dedupe_key like 'emit:%'",
      )
      return rows.filter(({ id }) => !known.has(id)).map(({ type }) => type)
    },
  }
})

test('a run without a call has none to tag, and says so', async () => {
  const { journal } = await open(await newRun())
  expect(await journal.tag({ name: 'x', position: 1 }, 'urgent')).toEqual({
    status: 'failed',
    error: 'The run has no call to tag',
  })
})

test('a run that is over is not opened again, and what waited in it is given up', async () => {
  const run = await newRun()
  const { journal, mine } = await open(run)
  await journal.sleep({ name: 'night', position: 1 }, 60_000)
  await scene.writer.end({ ...run, execution: randomUUID() }, 'not mine to end', null)
  expect(await scene.run(run.runId)).toMatchObject({ status: 'running' })
  await scene.writer.end(mine, 'no', null)
  expect(await scene.run(run.runId)).toMatchObject({ status: 'failed', error: 'no' })
  expect(await scene.steps(run.runId)).toMatchObject([{ status: 'skipped' }])
  expect(await scene.writer.open(mine, run.runId)).toBeNull()
})

test('steps count their time from the start of the run, and keep what they used', async () => {
  const run = await newRun()
  let published = 0
  const { journal } = await open(run, () => void (published += 1))
  const place = { name: 'mail', position: 1 }
  const use = {
    connection: 'smtp/main',
    action: 'mail.send',
    input: { text: 'a\u0000b' },
    phases: { total: 3 },
  }
  await journal.begin({ ...place, limitMs: 30_000 }, [])
  await journal.finish(place, { status: 'ok', output: null }, [], use)
  const [row] = await scene.database.query(
    'select * from run_steps where workspace_id = $1 and run_id = $2',
    [run.workspaceId, run.runId],
  )
  expect(row).toMatchObject({
    connection: 'smtp/main',
    action: 'mail.send',
    input: { text: 'a\uFFFDb' },
    phases: { total: 3 },
    limit_ms: 30_000,
    start_ms: expect.any(Number),
    duration_ms: expect.any(Number),
  })
  expect(published).toBe(2)
})
