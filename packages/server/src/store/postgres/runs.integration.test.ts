// The list of runs on many of them: it answers from an index, whatever it is filtered by.

import { createId } from '@bookend/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScene, type Scene } from '../../engine/testing/scene.ts'
import { listRuns, type RunFilter } from './runs.ts'

const ROWS = 60_000
const BLOCKS_MAX = 500
const CALL_ID = createId(new Date())

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
  // Nearly all are of one workflow and state, as with a pre-call workflow that works: the rare ones
  // are those that a scan in the order of time would look for longest.
  await scene.database.query(
    `insert into runs (workspace_id, id, kind, workflow, version, status, call_id, started_at)
     select $1, gen_random_uuid(), case when n % 50 = 0 then 'journey' else 'pre-call' end,
       case when n % 6000 = 0 then 'rare' else 'common' end, 'v1',
       case when n % 12000 = 0 then 'failed' when n % 50 = 0 then 'completed' else 'answered' end,
       case when n % 20000 = 0 then $2::uuid else gen_random_uuid() end,
       now() - n * interval '1 second'
     from generate_series(1, ${ROWS}) n`,
    [scene.workspaceId, CALL_ID],
  )
  await scene.database.query('analyze runs')
}, 60_000)
afterAll(async () => await scene[Symbol.asyncDispose]())

/** Blocks that the statement touched, which do not depend on how busy the machine is. */
async function blocksOf(filter: Partial<RunFilter>): Promise<{ blocks: number; rows: number }> {
  let blocks = 0
  const explained = {
    query: async (sql: string, values: unknown[]) => {
      const { rows } = await scene.database.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (analyze, buffers, format json) ${sql}`,
        values,
      )
      const plan = rows[0]?.['QUERY PLAN'][0].Plan
      blocks = (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)
      return await scene.database.pool.query(sql, values)
    },
  } as unknown as Parameters<typeof listRuns>[0]
  const { page } = await listRuns(explained, scene.workspaceId, { limit: 50, ...filter })
  return { blocks, rows: page.length }
}

interface Plan {
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
}

describe(`the list of ${ROWS} runs touches few blocks`, () => {
  test.each<[string, Partial<RunFilter>, number]>([
    ['of all', {}, 50],
    ['of a workflow that runs all the time', { workflow: 'common' }, 50],
    ['of one that seldom runs', { workflow: 'rare' }, 10],
    ['that failed', { status: 'failed' }, 5],
    ['of a common state', { status: 'answered' }, 50],
    ['of journeys', { kind: 'journey' }, 50],
    ['of a rare workflow in a common state', { workflow: 'rare', status: 'completed' }, 5],
    ['of a common workflow in a rare state', { workflow: 'common', status: 'failed' }, 0],
    ['of a call', { call_id: CALL_ID }, 3],
  ])('%s', async (_, filter, expected) => {
    const { blocks, rows } = await blocksOf(filter)
    expect(rows).toBe(expected)
    expect(blocks).toBeLessThan(BLOCKS_MAX)
  })

  test('and so does its last page', async () => {
    const [last] = await scene.database.query<{ at: string; id: string }>(
      `select started_at::text as at, id from runs where workspace_id = $1
       order by started_at, id offset 20 limit 1`,
      [scene.workspaceId],
    )
    const cursor = Buffer.from(`${last?.at}|${last?.id}`).toString('base64url')
    expect(await blocksOf({ cursor })).toMatchObject({ rows: 20 })
    expect((await blocksOf({ cursor, kind: 'pre-call' })).blocks).toBeLessThan(BLOCKS_MAX)
  })
})
