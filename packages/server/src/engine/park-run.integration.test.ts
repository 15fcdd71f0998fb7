import { randomUUID } from 'node:crypto'
import { createId } from '@bookend/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../system-clock.ts'
import { parkRun, queueDueRuns, wakeRuns } from './park-run.ts'
import { createPatience } from './patience.ts'
import { openPostgresJournal } from './postgres-journal.ts'
import { wakeWaiting } from './record-wait.ts'
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

/** A run in the hands of an execution. */
async function begin(callId: string | null = null, key: string | null = null) {
  const { database, workspaceId } = scene
  const runId = createId(new Date())
  const eventId = `evt_${runId}`
  const rest = { workflow: 'test', version: 'v1', agentId: null, error: null }
  await insertRun(database.pool, { workspaceId, id: runId, callId, eventId, key, ...rest })
  const mine = { workspaceId, runId, execution: randomUUID() }
  expect(await scene.writer.open(mine, runId)).not.toBeNull()
  return { ...mine, callId }
}

const journalOf = (run: Awaited<ReturnType<typeof begin>>) =>
  openPostgresJournal(
    {
      database: scene.database,
      keyed: scene.keyed,
      writer: scene.writer,
      changes: { publish: () => undefined },
      patience,
      accept: () => Promise.reject(new Error('nothing is emitted here')),
      links: testLinks,
      calls: testCalls,
    },
    run,
  )

const rowOf = async (runId: string) => {
  const [row] = await scene.database.query<{ status: string; entry: string | null; due: boolean }>(
    `select status, entry, wake_at <= clock_timestamp() as due from runs
     where workspace_id = $1 and id = $2`,
    [scene.workspaceId, runId],
  )
  return row
}
const put: { runId: string; entry: string; queuedAt: Date | null }[] = []
const queueDue = () =>
  scene.database.transaction((client) =>
    queueDueRuns(client, async (_, runs) => {
      put.push(...runs)
    }),
  )

describe('a run that is parked', () => {
  test('is nobody’s until it is due, and then gets one new entry (W1)', async () => {
    const run = await begin()
    await parkRun(scene.database, run, 3_600_000)
    expect(await rowOf(run.runId)).toEqual({ status: 'waiting', entry: null, due: false })
    expect(await scene.writer.open(run, run.runId)).toBeNull()
    await expect(journalOf(run).check()).rejects.toThrow('another execution')
    await queueDue()
    expect(put).toEqual([])
    await wakeRuns(scene.database.pool, scene.workspaceId, [run.runId])
    await Promise.all([queueDue(), queueDue()])
    expect(put).toMatchObject([{ runId: run.runId, queuedAt: expect.any(Date) }])
    const [{ entry } = { entry: '' }] = put.splice(0)
    const again = { ...run, execution: randomUUID() }
    expect(await scene.writer.open(again, run.runId)).toBeNull()
    expect(await scene.writer.open(again, entry)).not.toBeNull()
  })

  test('does not sleep through what came while it was being parked (W2)', async () => {
    const run = await begin()
    await wakeRuns(scene.database.pool, scene.workspaceId, [run.runId])
    await parkRun(scene.database, run, 3_600_000)
    expect(await rowOf(run.runId)).toMatchObject({ entry: null, due: true })
    await queueDue()
    expect(put.splice(0)).toMatchObject([{ runId: run.runId }])
  })

  test('may come from a process of the release before, which names no entry', async () => {
    const run = await begin()
    const { database, workspaceId } = scene
    await database.query(
      `update runs set entry = null, queued_at = null, execution = null, status = 'queued'
       where workspace_id = $1 and id = $2`,
      [workspaceId, run.runId],
    )
    expect(await scene.writer.open(run, randomUUID())).toBeNull()
    expect(await scene.writer.open(run, run.runId)).not.toBeNull()
    await parkRun(database, run, 3_600_000)
    expect(await scene.writer.open(run, run.runId)).toBeNull()
  })

  test('is not woken once it is over', async () => {
    const run = await begin()
    await scene.writer.end(run, null, null)
    const { workspaceId } = scene
    expect(await wakeRuns(scene.database.pool, workspaceId, [run.runId])).toEqual([])
    await parkRun(scene.database, run, 0)
    expect(await rowOf(run.runId)).toMatchObject({ status: 'completed', entry: null })
  })
})

describe('an event that is stored', () => {
  const spec = (eventType: string, where = {}) => ({ eventType, where, limitMs: 60_000 })
  const store = async (type: string, payload: object, callId: string | null = null) => {
    const { workspaceId, database } = scene
    const event = { workspaceId, type, callId, payload: payload as Record<string, string> }
    return (await wakeWaiting(database.pool, [event])).map(({ runId }) => runId)
  }

  test('wakes the runs that wait for its type and what it contains, and no others', async () => {
    const [a, b, c] = [await begin(), await begin(), await begin()]
    await journalOf(a).wait({ name: 'w', position: 1 }, spec('sms.received', { from: 'a' }))
    await journalOf(b).wait({ name: 'w', position: 1 }, spec('sms.received', { from: 'b' }))
    await journalOf(c).wait({ name: 'w', position: 1 }, spec('mail.received'))
    expect(await store('sms.received', { from: 'a', text: 'x' })).toEqual([a.runId])
    expect(await store('mail.received', {})).toEqual([c.runId])
    expect(await store('fax.received', {})).toEqual([])
    const ended = { status: 'ok', output: null } as const
    await journalOf(a).finish({ name: 'w', position: 1 }, ended, [], null)
    expect(await store('sms.received', { from: 'a' })).toEqual([])
  })

  test('about a call wakes the runs of the same call alone (E2)', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    const [a, b] = [await begin(one), await begin(other)]
    const place = { name: 'w', position: 1 }
    for (const run of [a, b]) await journalOf(run).wait(place, spec('call.analyzed'))
    expect(await store('call.analyzed', {}, one)).toEqual([a.runId])
    await scene.database.query(
      `insert into events (workspace_id, id, type, dedupe_key, call_id, payload)
       values ($1, 'analyzed', 'call.analyzed', 'analyzed', $2, '{}')`,
      [scene.workspaceId, one],
    )
    expect(await journalOf(a).candidates('w', null)).toHaveLength(1)
    expect(await journalOf(b).candidates('w', null)).toEqual([])
  })
})
