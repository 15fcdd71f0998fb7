import { randomUUID } from 'node:crypto'
import { createId } from '@bookend/core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertRun, type OwnRun } from './run-rows.ts'
import { createRunWriter, type RunWriter } from './run-writer.ts'
import { openScene, type Scene } from './testing/scene.ts'
import { watchYoungTables } from './young-tables.ts'

let scene: Scene
let writer: RunWriter
let sent: number
beforeAll(async () => {
  scene = await openScene()
})
beforeEach(() => {
  sent = 0
  const { keyed } = scene
  writer = createRunWriter({
    patience: (work) => work(),
    database: {
      query(sql, values) {
        sent += 1
        return keyed.query(sql, values)
      },
    },
  })
})
afterAll(() => scene[Symbol.asyncDispose]())

async function newRuns(count: number): Promise<readonly OwnRun[]> {
  const { database, workspaceId } = scene
  const rest = {
    workflow: 'test',
    version: 'v1',
    callId: null,
    agentId: null,
    key: null,
    error: null,
  }
  const runs = Array.from({ length: count }, () => ({
    workspaceId,
    runId: createId(new Date()),
    execution: randomUUID(),
  }))
  for (const { runId: id } of runs) {
    const eventId = `evt_${id}`
    await scene.store(database.pool, { ...scene.event('test'), id: eventId })
    await insertRun(database.pool, { workspaceId, id, eventId, ...rest })
  }
  return runs
}

const openAll = (runs: readonly OwnRun[]) =>
  Promise.all(runs.map((run) => writer.open(run, run.runId)))
const place = { name: 'x', position: 1, limitMs: 1_000 }
const attempt = { attempt: 1, started_at: '2026-03-02T15:04:05.000Z', duration_ms: 0, error: null }
const done = { status: 'ok', output: { n: 1 } } as const
const event = { event_id: 'e', event_type: 'test', created_at: '', payload: {} }
const seen = { event, call: null }

async function stepsOf({ runId }: OwnRun) {
  const [row] = await scene.database.query<{ steps: string[]; seen: boolean; status: string }>(
    `select status, input is not null as seen, array(select s.name || ' ' || s.status from run_steps s
       where s.workspace_id = r.workspace_id and s.run_id = r.id) as steps
     from runs r where workspace_id = $1 and id = $2`,
    [scene.workspaceId, runId],
  )
  return row
}

test('the records of many runs are one statement', async () => {
  const runs = await newRuns(20)
  const heads = await openAll(runs)
  expect(sent).toBe(1)
  expect(heads.map((head) => head?.event?.event_id)).toEqual(
    runs.map(({ runId }) => `evt_${runId}`),
  )
  await Promise.all(runs.map((run) => writer.begin(run, place, [attempt], seen)))
  const ended = await Promise.all(runs.map((run) => writer.finish(run, 'x', done, [attempt], null)))
  expect(sent).toBe(3)
  expect(ended.every((row) => row?.status === 'ok')).toBe(true)
  await Promise.all(runs.map((run) => writer.end(run, null, null)))
  expect(sent).toBe(4)
  expect(await Promise.all(runs.map(stepsOf))).toEqual(
    runs.map(() => ({ status: 'completed', seen: true, steps: ['x ok'] })),
  )
})

test('a run that was taken over records nothing, and those beside it do (N1, F30)', async () => {
  const runs = await newRuns(3)
  await openAll(runs)
  const [first, lost, last] = runs as [OwnRun, OwnRun, OwnRun]
  expect(await writer.open({ ...lost, execution: randomUUID() }, lost.runId)).not.toBeNull()
  const outcomes = await Promise.allSettled(
    [first, lost, last].map((run) => writer.begin(run, place, [attempt], seen)),
  )
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'run_taken_over' } },
    { status: 'fulfilled' },
  ])
  await Promise.all([writer.end(lost, 'not mine to end', null), writer.end(first, null, null)])
  expect(await stepsOf(lost)).toEqual({ status: 'running', seen: false, steps: [] })
  expect(await stepsOf(first)).toMatchObject({ status: 'completed' })
})

test('a run that somebody has locked waits for that by itself (N5)', async () => {
  const runs = await newRuns(4)
  await openAll(runs)
  const [locked, ...others] = runs as [OwnRun, ...OwnRun[]]
  let isLocked = true
  const client = await scene.database.pool.connect()
  try {
    await client.query('begin')
    await client.query('select from runs where id = $1 for no key update', [locked.runId])
    const late = writer.begin(locked, place, [attempt], seen).then(() => isLocked)
    await Promise.all(others.map((run) => writer.begin(run, place, [attempt], seen)))
    await Promise.all(others.map((run) => writer.end(run, null, null)))
    expect(await stepsOf(locked)).toMatchObject({ steps: [] })
    isLocked = false
    await client.query('commit')
    expect(await late).toBe(false)
    expect(await stepsOf(locked)).toMatchObject({ seen: true, steps: ['x running'] })
  } finally {
    client.release()
  }
})

test('a record that the database refuses is the fault of its own run', async () => {
  const runs = await newRuns(3)
  await openAll(runs)
  const [, bad] = runs
  const outcomes = await Promise.allSettled(
    runs.map((run) =>
      writer.begin(run, run === bad ? { ...place, position: 1e12 } : place, [attempt]),
    ),
  )
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('what a run sees is stored with its first record, or with its end (N4, X2)', async () => {
  const runs = await newRuns(2)
  await openAll(runs)
  const [first, second] = runs as [OwnRun, OwnRun]
  expect(await stepsOf(first)).toMatchObject({ seen: false })
  await writer.begin(first, place, [attempt], seen)
  await writer.begin(first, { ...place, name: 'y' }, [attempt], {
    ...seen,
    event: { ...event, event_id: 'other' },
  })
  await writer.end(second, null, null, seen)
  const again = await writer.open({ ...first, execution: randomUUID() }, first.runId)
  expect(again).toMatchObject({ input: seen, event: null })
  expect(await stepsOf(second)).toEqual({ status: 'completed', seen: true, steps: [] })
})

test('tables that were empty have statistics once some runs were opened', async () => {
  const young = await openScene()
  try {
    const analyzed = async () => {
      const [row] = await young.database.query<{ n: number }>(
        `select count(*)::int as n from pg_class where relnamespace = 'bookend'::regnamespace
           and relname in ('runs', 'run_steps') and reltuples >= 0`,
      )
      return row?.n
    }
    const complaints: string[] = []
    const say = (_: object, message: string): void => void complaints.push(message)
    const tables = watchYoungTables(young.database, { info: say, warn: say, error: say })
    tables.noteOpened(31)
    expect(await analyzed()).toBe(0)
    tables.noteOpened(1)
    await expect.poll(analyzed).toBe(2)
    expect(complaints).toEqual([])
  } finally {
    await young[Symbol.asyncDispose]()
  }
})
