import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Engine } from './engine.ts'
import { journeyOn, registryOf } from './testing/journeys.ts'
import { engineOn, openScene, type Scene } from './testing/scene.ts'

let scene: Scene
let engine: Engine
const order: string[] = []
const gates = new Map<string, () => void>()
const gate = (name: string): Promise<void> =>
  new Promise((resolve) => void gates.set(name, resolve))

const journeys = [
  journeyOn(
    'test.line',
    'line',
    async ({ event, step }) => {
      await step('in', () => void order.push(`line ${(event.payload as { n: string }).n}`))
    },
    { keyOf: () => 'one' },
  ),
  journeyOn('test.plain', 'plain', async ({ runId, step }) => {
    const first = await step('first', () => ({ n: 1, at: new Date(0) }))
    await step('second', () => scene.effects.note(runId, `plain:${JSON.stringify(first)}`))
  }),
  journeyOn(
    'test.keyed',
    'keyed',
    async ({ event, step }) => {
      const { n } = event.payload as { n: string }
      await step('in', () => void order.push(`in ${n}`))
      await step('hold', () => gate(n))
      await step('out', () => void order.push(`out ${n}`))
    },
    { keyOf: ({ event }) => (event.payload as { key: string }).key },
  ),
  journeyOn('test.throws', 'throws', async ({ step }) => {
    await step('ok', () => 1)
    throw new Error('a mistake in the journey')
  }),
  journeyOn('test.throws', 'beside', async ({ step }) => void (await step('ok', () => 1))),
  journeyOn('test.throws', 'if-throws', async () => undefined, {
    matches: () => {
      throw new Error('no such field')
    },
  }),
  journeyOn('test.throws', 'never', async () => undefined, { matches: () => false }),
  journeyOn('test.twice', 'twice', async ({ step }) => {
    await step('a', () => 1)
    await step('a', () => 2).catch(() => undefined)
  }),
  journeyOn('test.once', 'once', async ({ step }) => void (await step('a', () => 1)), {
    onceOf: ({ event }) => (event.payload as { condition: string | null }).condition,
  }),
  journeyOn('test.once', 'once-fails', async () => undefined, {
    matches: ({ event }) => (event.payload as { condition: string | null }).condition === 'fails',
    onceOf: () => {
      throw new Error('no such field')
    },
  }),
  journeyOn('test.sleep', 'sleeper', async ({ sleep }) => await sleep('night', '300ms')),
]

beforeAll(async () => {
  scene = await openScene()
  engine = await engineOn(
    scene,
    registryOf(journeys.map((definition) => ({ version: 'v1', definition }))),
  )
})
afterAll(async () => {
  await engine.close()
  await scene[Symbol.asyncDispose]()
})

const settled = (runId: string, status: string) =>
  vi.waitFor(async () => expect(await scene.run(runId)).toMatchObject({ status }), 10_000)

describe('a journey', () => {
  test('runs its steps once and completes', async () => {
    const [runId = ''] = await scene.ingest(engine, scene.event('test.plain'))
    await settled(runId, 'completed')
    expect(await scene.steps(runId)).toEqual([
      { name: 'first', status: 'ok', error: null },
      { name: 'second', status: 'ok', error: null },
    ])
    const effect = 'plain:{"n":1,"at":"1970-01-01T00:00:00.000Z"}'
    expect(await scene.effects.count(effect)).toBe(1)
  })

  test('starts once for one event, however often and wherever it is enqueued (J2)', async () => {
    const event = scene.event('test.plain')
    const runIds = await Promise.all([1, 2, 3, 4, 5].map(() => scene.ingest(engine, event)))
    expect(runIds.flat()).toHaveLength(1)
    await settled(runIds.flat()[0] ?? '', 'completed')
    expect(await scene.ingest(engine, event)).toEqual([])
  })

  test('with `once` starts once for what it names, also for events at the same moment', async () => {
    const start = (condition: string | null) =>
      scene.ingest(engine, scene.event('test.once', { condition }))
    const ids = (await Promise.all([1, 2, 3, 4].map(() => start('emergency')))).flat()
    expect(ids).toHaveLength(1)
    expect(await start('emergency')).toEqual([])
    expect(await start('upset')).toHaveLength(1)
    expect(await start(null)).toHaveLength(1)
    expect(await start(null)).toHaveLength(1)
    await settled(ids[0] ?? '', 'completed')
  })

  test('whose `once` throws has failed', async () => {
    const ids = await scene.ingest(engine, scene.event('test.once', { condition: 'fails' }))
    const runs = await Promise.all(ids.map((id) => scene.run(id)))
    expect(runs.map(({ error }) => error)).toContain("The journey's `once` failed: no such field")
  })

  test('that throws fails alone, and so does one whose `if` throws (F23)', async () => {
    const ids = await scene.ingest(engine, scene.event('test.throws'))
    expect(ids).toHaveLength(3)
    const [throws = '', beside = '', ifThrows = ''] = ids
    await settled(throws, 'failed')
    await settled(beside, 'completed')
    expect(await scene.run(throws)).toMatchObject({ error: 'a mistake in the journey' })
    expect(await scene.run(ifThrows)).toMatchObject({
      status: 'failed',
      error: "The journey's `if` failed: no such field",
    })
  })

  test('fails when a step name is used twice, even if it catches that', async () => {
    const [runId = ''] = await scene.ingest(engine, scene.event('test.twice'))
    await settled(runId, 'failed')
    expect((await scene.run(runId)).error).toContain('"a" is used twice')
  })

  test('waits while it sleeps, and then completes', async () => {
    const [runId = ''] = await scene.ingest(engine, scene.event('test.sleep'))
    await settled(runId, 'waiting')
    await settled(runId, 'completed')
    expect(await scene.steps(runId)).toEqual([{ name: 'night', status: 'ok', error: null }])
  })
})

test('runs of one key go one after the other, in order, those of others beside them (J5)', async () => {
  const start = (n: string, key: string) =>
    scene.ingest(engine, scene.event('test.keyed', { n, key }))
  await start('a1', 'a')
  await start('a2', 'a')
  await start('b1', 'b')
  await vi.waitFor(() => expect([...gates.keys()].toSorted()).toEqual(['a1', 'b1']), 10_000)
  gates.get('b1')?.()
  await vi.waitFor(() => expect(order).toContain('out b1'), 10_000)
  expect(order).not.toContain('in a2')
  gates.get('a1')?.()
  await vi.waitFor(() => expect(gates.has('a2')).toBe(true), 10_000)
  gates.get('a2')?.()
  await vi.waitFor(() => expect(order).toContain('out a2'), 10_000)
  expect(order.filter((line) => line.includes('a'))).toEqual(['in a1', 'out a1', 'in a2', 'out a2'])
})

test('runs of one key that one transaction enqueued keep their order too (J5)', async () => {
  const numbers = Array.from({ length: 8 }, (_, n) => String(n))
  await scene.database.transaction(async (client) => {
    for (const n of numbers) {
      const event = scene.event('test.line', { n })
      await scene.store(client, event)
      await engine.enqueue(client, event, null)
    }
  })
  const inLine = () => order.filter((line) => line.startsWith('line'))
  await vi.waitFor(() => expect(inLine()).toHaveLength(8), 15_000)
  expect(inLine()).toEqual(numbers.map((n) => `line ${n}`))
})
