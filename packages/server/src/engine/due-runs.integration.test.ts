import { afterAll, beforeAll, expect, test } from 'vitest'
import { queueDueRuns } from './park-run.ts'
import { openScene, type Scene } from './testing/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene[Symbol.asyncDispose]())

const QUIET = '01990000-0000-7000-8000-0000000000ff'

test('a crowd of one workspace keeps nobody else waiting, and one that is paused stays (F28, W4)', async () => {
  const { database, workspaceId } = scene
  await database.query(
    `insert into workspaces (id, name, signing_secret) values ($1, 'quiet', '')`,
    [QUIET],
  )
  await database.query(
    `insert into runs (workspace_id, id, kind, workflow, version, status, started_at, queued_at, wake_at)
     select $1::uuid, gen_random_uuid(), 'journey', case when n % 2 = 0 then 'work' else 'held' end, 'v1',
       'waiting', now(), now(), now() - interval '1 hour' + n * interval '1 second'
     from generate_series(1, 1200) n
     union all select $2::uuid, gen_random_uuid(), 'journey', 'work', 'v1', 'queued', now(), now(),
       now() - interval '1 second'`,
    [workspaceId, QUIET],
  )
  await database.query(
    `insert into pauses (workspace_id, kind, name, paused_by) values ($1, 'workflow', 'held', 'Ben')`,
    [workspaceId],
  )
  const queued: { workspaceId: string; entry: string }[] = []
  const look = () =>
    database.transaction((client) =>
      queueDueRuns(client, async (_, runs) => void queued.push(...runs)),
    )
  expect(await look()).toEqual({ count: 200, isFull: true })
  expect(queued.slice(0, 2).map((run) => run.workspaceId)).toContain(QUIET)
  while ((await look()).isFull);
  expect(queued).toHaveLength(601)
  expect(new Set(queued.map(({ entry }) => entry)).size).toBe(601)
  const [left] = await database.query<{ held: number; other: number }>(
    `select count(*) filter (where workflow = 'held')::int as held,
       count(*) filter (where workflow <> 'held')::int as other
     from runs where entry is null`,
    [],
  )
  expect(left).toEqual({ held: 600, other: 0 })
})

test('those that wait for days are not looked at, however many they are', async () => {
  const { database, workspaceId } = scene
  await database.query(
    `insert into runs (workspace_id, id, kind, workflow, version, status, started_at, queued_at, wake_at)
     select $1::uuid, gen_random_uuid(), 'journey', 'sleepy', 'v1', 'waiting', now(), now(),
       now() + interval '1 day' + n * interval '1 second' from generate_series(1, 20000) n`,
    [workspaceId],
  )
  await database.query('vacuum analyze runs')
  const blocks = await database.transaction(async (client) => {
    let plan: string[] = []
    const explaining = Object.create(client) as typeof client
    explaining.query = (async (sql: string, values?: unknown[]) => {
      const answer = await client.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, buffers, timing off) ${sql}`,
        values,
      )
      plan = answer.rows.map((row) => row['QUERY PLAN'])
      return { rows: [] }
    }) as unknown as typeof client.query
    await queueDueRuns(explaining, async () => undefined)
    const all = plan.filter((line) => line.includes('Buffers:'))
    return Number(/hit=(\d+)/.exec(all[0] ?? '')?.[1])
  })
  expect(blocks).toBeGreaterThan(0)
  expect(blocks).toBeLessThan(100)
})
