import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Changes, openChanges } from '../changes/changes.ts'
import { cancelRuns } from '../store/postgres/run-operations.ts'
import { systemClock } from '../system-clock.ts'
import type { Engine } from './engine.ts'
import { engineChild } from './testing/engine-child.ts'
import { hostJourneys } from './testing/host-journeys.ts'
import { registryOf } from './testing/journeys.ts'
import { engineOn, openScene, type Scene } from './testing/scene.ts'

let scene: Scene
let door: Engine

/** The process that takes events in: it enqueues, and leaves the work to its children. */
const openDoor = (versions: readonly string[]): Promise<Engine> =>
  engineOn(
    scene,
    registryOf(hostJourneys({ versions, slow: 'left' }, scene.effects, () => undefined)),
    { runs: false },
  )

beforeEach(async () => {
  scene = await openScene()
  door = await openDoor(['v1'])
})
afterEach(async () => {
  await door.close()
  await scene[Symbol.asyncDispose]()
})

const start = async (type: string): Promise<string> => {
  const [runId = ''] = await scene.ingest(door, scene.event(type))
  return runId
}
async function openRealChanges(): Promise<Pick<Changes, 'publish'> & AsyncDisposable> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const changes = await openChanges({ databaseUrl: scene.url, log, clock: systemClock })
  return {
    publish: (change) => changes.publish(change),
    [Symbol.asyncDispose]: () => changes.close(),
  }
}
const settled = (runId: string, status = 'completed') =>
  vi.waitFor(async () => expect(await scene.run(runId)).toMatchObject({ status }), 15_000)

describe('a worker that is killed', { timeout: 90_000 }, () => {
  test('leaves its runs to the next start, each finished step done once (J3, F4)', async () => {
    const runId = await start('test.steps')
    await using first = await engineChild(scene.url)
    await first.until('in c')
    await first.end('SIGKILL')
    await using _second = await engineChild(scene.url)
    await settled(runId)
    for (const step of ['a', 'b', 'c', 'd']) expect(await scene.effects.count(step)).toBe(1)
  })

  test('loses them to one beside it within 15 s (F3)', async () => {
    const runId = await start('test.steps')
    await using first = await engineChild(scene.url)
    await first.until('in c')
    await using _beside = await engineChild(scene.url)
    const killedAt = performance.now()
    await first.end('SIGKILL')
    await settled(runId)
    expect(performance.now() - killedAt).toBeLessThan(15_000)
    for (const step of ['a', 'b', 'c', 'd']) expect(await scene.effects.count(step)).toBe(1)
  })

  test('may be replaced by one that reaches parallel steps in another order (J3)', async () => {
    const runId = await start('test.chains')
    await using first = await engineChild(scene.url, { slow: 'left' })
    await first.until('in hold')
    await first.end('SIGKILL')
    await using _second = await engineChild(scene.url, { slow: 'right' })
    await settled(runId)
    for (const n of [1, 2, 3]) {
      expect(await scene.effects.count(`left-${n}`)).toBe(1)
      expect(await scene.effects.count(`right-${n}`)).toBe(1)
    }
  })

  test('in a write nobody could recognise again parks the step as maybe done (F4, class none)', async () => {
    const runId = await start('test.mail')
    await using first = await engineChild(scene.url)
    await first.until('sent')
    await first.end('SIGKILL')
    await using _second = await engineChild(scene.url)
    await settled(runId, 'failed')
    expect((await scene.run(runId)).error).toBe(
      'Step "mail" failed: maybe done: the process ended in it',
    )
  })

  test('by one of its steps, three times, sees that step set apart and the others done (F24)', async () => {
    const fatal = await start('test.abort')
    for (const attempt of [1, 2, 3]) {
      await using child = await engineChild(scene.url)
      await child.until(`fatal ${attempt}`)
      await child.ended
    }
    await using _last = await engineChild(scene.url)
    await settled(fatal, 'failed')
    expect((await scene.run(fatal)).error).toContain('ended the process, 3 times')
    const beside = await start('test.sleep')
    await settled(beside)
  })
})

describe('a run that waits for an event', { timeout: 90_000 }, () => {
  test('misses none that came while no worker was alive (J3)', async () => {
    const runId = await start('test.wait')
    await using first = await engineChild(scene.url)
    await first.until('about to wait')
    await settled(runId, 'waiting')
    await first.end('SIGKILL')
    await scene.ingest(door, scene.event('test.reply', { word: 'yes' }))
    await using _second = await engineChild(scene.url)
    await settled(runId)
    expect(await scene.effects.count('before')).toBe(1)
    expect(await scene.effects.count('heard yes')).toBe(1)
  })

  test('and was killed before it could say so, gets the one that came meanwhile (J3)', async () => {
    const runId = await start('test.wait')
    await using first = await engineChild(scene.url)
    await first.until('about to wait')
    await first.end('SIGKILL')
    await scene.ingest(door, scene.event('test.reply', { word: 'quick' }))
    await using _second = await engineChild(scene.url)
    await settled(runId)
    expect(await scene.effects.count('heard quick')).toBe(1)
  })
})

describe('a run that is cancelled by another process', { timeout: 60_000 }, () => {
  test('is let go at once by the worker that has it in memory', async () => {
    const runId = await start('test.wait')
    await using worker = await engineChild(scene.url)
    await worker.until('about to wait')
    await settled(runId, 'waiting')
    const { database, workspaceId } = scene
    await using changes = await openRealChanges()
    await database.transaction((client) => cancelRuns(client, workspaceId, [runId]))
    changes.publish({ topic: 'wakes', workspaceId, id: runId, callId: null })
    await vi.waitFor(async () => {
      const rows = await database.query(
        `select 1 from dbos.workflow_status where workflow_uuid = $1 and status = 'SUCCESS'`,
        [runId],
      )
      expect(rows).toHaveLength(1)
    }, 5_000)
    expect(await scene.run(runId)).toMatchObject({ status: 'cancelled' })
  })
})

describe('a run that sleeps', { timeout: 90_000 }, () => {
  test('wakes in another process, not early, with the version it began with (J4, F33)', async () => {
    const runId = await start('test.sleep')
    await using first = await engineChild(scene.url)
    await first.until('asleep')
    await settled(runId, 'waiting')
    await first.end('SIGKILL')
    await using _second = await engineChild(scene.url, { versions: ['v1', 'v2'] })
    await settled(runId)
    expect(await scene.effects.count('before')).toBe(1)
    expect(await scene.effects.count('after in v1')).toBe(1)
    const [row] = await scene.database.query<{ slept_ms: number }>(
      'select duration_ms as slept_ms from run_steps where name = $1',
      ['night'],
    )
    expect(row?.slept_ms).toBeGreaterThanOrEqual(2_000)
  })

  test('is left at once by a worker that is told to stop (F34)', async () => {
    const runId = await start('test.sleep')
    await using first = await engineChild(scene.url)
    await first.until('asleep')
    const stoppedAt = performance.now()
    await first.end('SIGTERM')
    expect(performance.now() - stoppedAt).toBeLessThan(5_000)
    await using _second = await engineChild(scene.url)
    await settled(runId)
    expect(await scene.effects.count('after in v1')).toBe(1)
  })

  test('fails, and nothing beside it, when its version is gone (J4, F23)', async () => {
    const runId = await start('test.sleep')
    await using first = await engineChild(scene.url)
    await first.until('asleep')
    await first.end('SIGKILL')
    await using _second = await engineChild(scene.url, { versions: ['v2'] })
    await settled(runId, 'failed')
    expect((await scene.run(runId)).error).toContain('Version v1 of journey "sleeper"')
  })
})
