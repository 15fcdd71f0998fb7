// What happens to many runs at once: a deploy while they sleep, and all of them coming back together.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine } from './engine.ts'
import { engineChild } from './testing/engine-child.ts'
import { journeyOn, registryOf } from './testing/journeys.ts'
import { engineOn, openScene, type Scene } from './testing/scene.ts'

let scene: Scene
let engine: Engine | null = null

beforeEach(async () => {
  scene = await openScene()
})
afterEach(async () => {
  await engine?.close()
  engine = null
  await scene[Symbol.asyncDispose]()
})

const SLEEPERS = 1_000

const countRuns = async (where: string): Promise<number> => {
  const [row] = await scene.database.query<{ n: number }>(
    `select count(*)::int as n from runs where ${where}`,
  )
  return row?.n ?? 0
}

test('a deploy while 1,000 runs sleep changes none of them (F33, J4)', async () => {
  const nap = (version: string) => ({
    version,
    definition: journeyOn('nap.asked', 'nap', async ({ runId, step, sleep }) => {
      await step('before', () => scene.effects.note(runId, `before in ${version}`))
      await sleep('night', '3h')
      await step('after', () => scene.effects.note(runId, `after in ${version}`))
    }),
  })
  engine = await engineOn(scene, registryOf([nap('v1')]))
  for (let n = 0; n < SLEEPERS; n += 50) {
    const door = engine
    await Promise.all(
      Array.from({ length: 50 }, () => scene.ingest(door, scene.event('nap.asked'))),
    )
  }
  const asleep =
    "status = 'waiting' or exists (select from run_steps s where s.run_id = runs.id and s.kind = 'sleep')"
  await expect.poll(() => countRuns(asleep), { timeout: 60_000 }).toBe(SLEEPERS)
  await engine.close()

  engine = await engineOn(scene, registryOf([nap('v1'), nap('v2')]))
  await scene.ingest(engine, scene.event('nap.asked'))
  await expect.poll(() => scene.effects.count('before in v2')).toBe(1)
  await expect.poll(() => countRuns(asleep)).toBe(SLEEPERS + 1)
  expect(await countRuns('finished_at is not null')).toBe(0)
  // Three hours later.
  await engine.close()
  await scene.database.query(`update run_steps set wake_at = now() where kind = 'sleep'`)
  await scene.database.query(`update runs set wake_at = now() where entry is null`)
  engine = await engineOn(scene, registryOf([nap('v1'), nap('v2')]))
  await expect.poll(() => countRuns("status = 'completed'"), { timeout: 60_000 }).toBe(SLEEPERS + 1)
  expect(await scene.effects.count('before in v1')).toBe(SLEEPERS)
  expect(await scene.effects.count('after in v1')).toBe(SLEEPERS)
  expect(await scene.effects.count('after in v2')).toBe(1)
}, 180_000)

test('runs that come back together are executed, each once, those of a key in their order (J5, F25)', async () => {
  const seen: string[] = []
  const work = {
    version: 'v1',
    definition: journeyOn(
      'work.asked',
      'work',
      async ({ event, step }) => {
        await step('act', () => void seen.push(event.payload['id'] as string))
      },
      { keyOf: ({ event }) => event.payload['key'] as string | null },
    ),
  }
  const { database, workspaceId } = scene
  await database.query(
    `insert into pauses (workspace_id, kind, name, paused_by) values ($1, 'workflow', 'work', 'Ben')`,
    [workspaceId],
  )
  engine = await engineOn(scene, registryOf([work]))
  for (let n = 0; n < 300; n += 1) {
    const key = n % 3 === 0 ? null : `key ${n % 5}`
    await scene.ingest(engine, scene.event('work.asked', { key, id: `${key} ${n}` }))
  }
  expect(await countRuns("status = 'queued' and entry is null")).toBe(300)
  await database.query('delete from pauses')
  scene.changes.publish({ topic: 'wakes', workspaceId, id: 'work', callId: null })
  await expect.poll(() => countRuns("status = 'completed'"), { timeout: 60_000 }).toBe(300)
  expect(new Set(seen).size).toBe(300)
  expect(seen).toHaveLength(300)
  for (const key of ['key 0', 'key 1', 'key 2', 'key 3', 'key 4']) {
    const order = seen
      .filter((one) => one.startsWith(`${key} `))
      .map((one) => Number(one.split(' ')[2]))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order.length).toBeGreaterThan(30)
  }
}, 120_000)

const TIMERS = 3_000

test('timers that two workers look at are each due once, and not early (F31)', async () => {
  const { database, workspaceId } = scene
  await database.query(
    `with asleep as (
       insert into runs (workspace_id, id, kind, workflow, version, status, event_id, input, execution,
         started_at, queued_at, wake_at)
       select $1::uuid, gen_random_uuid(), 'journey', 'sleeper', 'v1', 'waiting', 'evt_' || n,
         jsonb_build_object('event', jsonb_build_object('event_id', 'evt_' || n,
           'event_type', 'test.sleep', 'created_at', '', 'payload', '{}'::jsonb), 'call', null),
         gen_random_uuid(), now(), now(), now() + interval '4 seconds' from generate_series(1, $2) n
       returning workspace_id, id, wake_at
     ), before as (
       insert into run_steps (workspace_id, run_id, name, position, status, start_ms, output)
       select workspace_id, id, 'before', 1, 'ok', 0, 'null' from asleep
     )
     insert into run_steps (workspace_id, run_id, name, position, kind, status, start_ms, limit_ms, wake_at)
     select workspace_id, id, 'night', 2, 'sleep', 'waiting', 0, 4000, wake_at from asleep`,
    [workspaceId, TIMERS],
  )
  await using _one = await engineChild(scene.url)
  await using _other = await engineChild(scene.url)
  await expect
    .poll(() => countRuns("status = 'completed'"), { timeout: 90_000, interval: 500 })
    .toBe(TIMERS)
  expect(await scene.effects.count('after in v1')).toBe(TIMERS)
  const [row] = await database.query<{ early: number; runs: number; workers: number }>(
    `select (select count(distinct run_id)::int from public.effects) as runs,
       (select count(*)::int from run_steps night join run_steps later
          on later.workspace_id = night.workspace_id and later.run_id = night.run_id
        where night.kind = 'sleep' and later.name = 'after' and later.start_ms < 4000) as early,
       (select count(distinct executor_id)::int from dbos.workflow_status) as workers`,
  )
  expect(row).toEqual({ runs: TIMERS, early: 0, workers: 2 })
}, 180_000)
