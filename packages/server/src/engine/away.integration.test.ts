import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { query } from '../testing/query.ts'
import type { Engine } from './engine.ts'
import { engineChild } from './testing/engine-child.ts'
import { hostJourneys } from './testing/host-journeys.ts'
import { journeyOn, registryOf } from './testing/journeys.ts'
import { engineOn, openScene, type Scene } from './testing/scene.ts'

let scene: Scene
let engine: Engine

beforeEach(async () => {
  scene = await openScene()
})
afterEach(async () => {
  await engine.close()
  await scene[Symbol.asyncDispose]()
})

const completed = (runId: string, withinMs: number) =>
  vi.waitFor(
    async () => expect(await scene.run(runId)).toMatchObject({ status: 'completed' }),
    withinMs,
  )

const cutAll = () =>
  query(
    scene,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  )

describe('a worker whose connections are cut, again and again', { timeout: 60_000 }, () => {
  test('finishes its runs, each step done once, and is ready again (F7, F13)', async () => {
    const done: string[] = []
    const names = Array.from({ length: 15 }, (_, n) => `step-${n}`)
    const definition = journeyOn('test.long', 'long', async ({ step }) => {
      for (const name of names) {
        await step(name, async () => {
          await pause(20)
          done.push(name)
        })
      }
    })
    engine = await engineOn(scene, registryOf([{ version: 'v1', definition }]))
    const [runId = ''] = await scene.ingest(engine, scene.event('test.long'))
    await vi.waitFor(() => expect(done).not.toHaveLength(0), 10_000)
    for (let cut = 0; cut < 6; cut += 1) {
      const before = done.length
      await cutAll()
      await vi.waitFor(() => expect(done.length).toBeGreaterThan(Math.min(before, 14)), 10_000)
    }
    await completed(runId, 15_000)
    expect(done).toEqual(names)
    await vi.waitFor(() => expect(engine.isReady()).toBe(true), 10_000)
  })
})

describe('a worker that hangs', () => {
  test('loses its runs to another within 15 s, and records nothing of them when it wakes (L2, F30)', async () => {
    const versions = { versions: ['v1'], slow: 'left' } as const
    engine = await engineOn(
      scene,
      registryOf(hostJourneys(versions, scene.effects, () => undefined)),
      { runs: false },
    )
    const [runId = ''] = await scene.ingest(engine, scene.event('test.steps'))
    await using hung = await engineChild(scene.url)
    await hung.until('in c')
    await using beside = await engineChild(scene.url)
    hung.pause()
    await completed(runId, 15_000)
    for (const step of ['a', 'b', 'c', 'd']) expect(await scene.effects.count(step)).toBe(1)
    hung.resume()
    await beside.end('SIGKILL')
    const [next = ''] = await scene.ingest(engine, scene.event('test.sleep'))
    await completed(next, 15_000)
    expect(await scene.run(runId)).toMatchObject({ status: 'completed', error: null })
  }, 60_000)
})

test('runs that were claimed by an answer that never came are put back (I3, F14)', async () => {
  const definition = journeyOn('test.one', 'one', async ({ step }) => await step('x', () => 1))
  engine = await engineOn(scene, registryOf([{ version: 'v1', definition }]))
  const [worker] = await scene.database.query<{ id: string }>(
    `select objid::text as id from pg_locks where locktype = 'advisory' and classid = 4400002
       and database = (select oid from pg_database where datname = current_database())`,
  )
  const runId = await scene.database.transaction(async (client) => {
    const event = scene.event('test.one')
    await scene.store(client, event)
    const [id = ''] = await engine.enqueue(client, event, null)
    await client.query(
      `update dbos.workflow_status set status = 'PENDING', executor_id = $2, started_at_epoch_ms = 0
       where workflow_uuid = $1`,
      [id, worker?.id],
    )
    return id
  })
  await completed(runId, 10_000)
  expect(await scene.steps(runId)).toMatchObject([{ name: 'x', status: 'ok' }])
})
