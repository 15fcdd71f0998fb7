// What happens to many runs at once: a deploy while they sleep, and all of them coming back together.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine } from './engine.ts'
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
