import { createId } from '@bookend/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openScene, type Scene } from '../../engine/testing/scene.ts'
import { readOverview } from './overview.ts'

const NOW = new Date('2026-03-03T12:30:00.000Z')
const SINCE = new Date('2026-03-02T12:30:00.000Z')

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(async () => await scene[Symbol.asyncDispose]())

interface RunFields {
  kind: string
  workflow: string
  status: string
  agoMs: number
  durationMs: number | null
  missing: object[]
  repeatOf: string | null
  failedStep: string | null
  error: string | null
}

async function storeRun(given: Partial<RunFields>): Promise<string> {
  const id = createId(new Date())
  const run = { kind: 'pre-call', workflow: 'intake', status: 'answered', agoMs: 60_000, ...given }
  await scene.database.query(
    `insert into runs (workspace_id, id, kind, workflow, status, started_at, duration_ms,
       deadline_ms, missing, repeat_of, failed_step, error)
     values ($1, $2, $3, $4, $5, $6, $7, 5000, $8, $9, $10, $11)`,
    [
      scene.workspaceId,
      id,
      run.kind,
      run.workflow,
      run.status,
      new Date(NOW.getTime() - run.agoMs),
      run.durationMs ?? null,
      JSON.stringify(run.missing ?? []),
      run.repeatOf ?? null,
      run.failedStep ?? null,
      run.error ?? null,
    ],
  )
  return id
}

const read = () => readOverview(scene.database.pool, scene.workspaceId, SINCE)

describe('the overview', () => {
  test('of a workspace where nothing happened is all zeros', async () => {
    expect(await read()).toEqual({
      since: SINCE.toISOString(),
      sampled: false,
      calls: { total: 0, live: 0 },
      pre_call: {
        answered: 0,
        partial: 0,
        fallback: 0,
        late: 0,
        p50_ms: null,
        p95_ms: null,
        deadline_ms: null,
        hours: [],
      },
      defaults: [],
      journeys: { started: 0, completed: 0, waiting: 0, failed: 0, failures: [] },
    })
  })

  test('counts answers by how they were, and leaves out repeats and older days', async () => {
    const first = await storeRun({ durationMs: 100 })
    await storeRun({ durationMs: 300, status: 'partial' })
    await storeRun({ durationMs: 5_200, status: 'fallback', agoMs: 3_600_000 })
    await storeRun({ durationMs: 1, repeatOf: first })
    await storeRun({ durationMs: 1, status: 'skipped' })
    await storeRun({ durationMs: 9_000, agoMs: 25 * 3_600_000 })
    const { pre_call: answers } = await read()
    expect(answers).toMatchObject({ answered: 3, partial: 1, fallback: 1, late: 1 })
    expect(answers).toMatchObject({ p50_ms: 300, deadline_ms: 5_000 })
    expect(answers.hours).toMatchObject([
      { at: '2026-03-03T11:00:00.000Z', answered: 1, p50_ms: 5_200 },
      { at: '2026-03-03T12:00:00.000Z', answered: 2, p50_ms: 200 },
    ])
  })

  test('says why defaults were used, the most frequent first', async () => {
    const cut = { name: 'tickets', step: 'tickets', reason: 'timed_out' }
    const skipped = { name: 'coupon', step: 'coupon', reason: 'skipped' }
    await storeRun({ status: 'partial', missing: [cut, skipped] })
    await storeRun({ status: 'fallback', missing: [cut] })
    await storeRun({ status: 'partial', missing: [{ name: 'a', step: null, reason: 'invalid' }] })
    expect((await read()).defaults).toEqual([
      { workflow: 'intake', step: 'tickets', reason: 'timed_out', count: 2 },
      { workflow: 'intake', step: null, reason: 'invalid', count: 1 },
    ])
  })

  test('names each failing step once, by its newest run, and whether it may have been done', async () => {
    const journey = { kind: 'journey', workflow: 'after', status: 'failed', failedStep: 'mail' }
    await storeRun({ ...journey, agoMs: 9_000, error: 'old' })
    const newest = await storeRun({ ...journey, agoMs: 1_000, error: 'no answer' })
    await scene.database.query(
      `insert into run_steps (workspace_id, run_id, name, position, status, start_ms, error)
       values ($1, $2, 'mail', 0, 'failed', 0, 'maybe done: no answer')`,
      [scene.workspaceId, newest],
    )
    await storeRun({ kind: 'journey', workflow: 'after', status: 'waiting' })
    const { journeys } = await read()
    expect(journeys).toMatchObject({ started: 3, completed: 0, waiting: 1, failed: 2 })
    expect(journeys.failures).toMatchObject([
      {
        workflow: 'after',
        step: 'mail',
        runs: 2,
        unsure: true,
        error: 'no answer',
        run_id: newest,
      },
    ])
  })

  test('is of one workspace alone (E3)', async () => {
    await storeRun({ durationMs: 100 })
    const other = await readOverview(scene.database.pool, createId(new Date()), SINCE)
    expect(other.pre_call.answered).toBe(0)
  })
})
