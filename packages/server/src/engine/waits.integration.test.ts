import type { JsonObject } from '@bookend/contract'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { acceptEvent, announce } from '../events/accept-event.ts'
import type { Engine } from './engine.ts'
import { journeyOn, registryOf } from './testing/journeys.ts'
import { localChanges } from './testing/local-changes.ts'
import { engineOn, openScene, type Scene } from './testing/scene.ts'

let scene: Scene
let engine: Engine
const changes = localChanges()
const heard: string[] = []

const journeys = [
  journeyOn(
    'wait.asked',
    'waits',
    async ({ event, step, waitFor }) => {
      const { from, key = null } = event.payload as { from: string; key?: string }
      await step('ask', () => heard.push(`asked ${from}`))
      const reply = await waitFor('reply', 'sms.received', {
        match: (payload) => payload['from'] === from,
        ...(key === null ? {} : { where: { from } }),
        within: (event.payload['within'] ?? '1d') as '1d',
      })
      await step('heard', () =>
        heard.push(`${from}: ${(reply?.['text'] as string | undefined) ?? 'nothing'}`),
      )
    },
    { keyOf: ({ event }) => (event.payload['key'] as string | undefined) ?? null },
  ),
  journeyOn('chain.asked', 'emits', async ({ emit, event }) => {
    await emit('tell', 'chain.told', { n: event.payload['n'] ?? null })
  }),
  journeyOn('chain.told', 'hears', async ({ step, event }) => {
    await step('hear', () => heard.push(`told ${event.payload['n'] as number}`))
  }),
  journeyOn('match.throws', 'match-throws', async ({ waitFor }) => {
    await waitFor('never', 'sms.received', {
      match: () => {
        throw new Error('no such field')
      },
      within: '1d',
    })
  }),
]

beforeAll(async () => {
  scene = await openScene()
  const registry = registryOf(journeys.map((definition) => ({ version: 'v1', definition })))
  engine = await engineOn(scene, registry, { changes })
})
afterAll(async () => {
  await engine.close()
  await scene[Symbol.asyncDispose]()
})

let count = 0
async function send(type: string, payload: JsonObject = {}): Promise<string> {
  count += 1
  const { workspaceId, database } = scene
  const id = `e${count}`
  const event = { workspaceId, id, type, dedupeKey: id, callId: null, payload }
  const accepted = await database.transaction((client) =>
    acceptEvent(client, engine, event, null, new Date()),
  )
  announce(changes, accepted)
  return accepted.runIds[0] ?? ''
}
/** Longer than after which a wait looks once more for what it may have missed. */
const PATIENCE_MS = 30_000
const become = (runId: string, status: string) =>
  vi.waitFor(async () => expect(await scene.run(runId)).toMatchObject({ status }), PATIENCE_MS)
const isParked = async (runId: string): Promise<boolean> => {
  const [row] = await scene.database.query<{ entry: string | null }>(
    'select entry from runs where workspace_id = $1 and id = $2',
    [scene.workspaceId, runId],
  )
  return row?.entry === null
}

describe('a wait for an event', () => {
  test('ends with the first that matches, once', async () => {
    const run = await send('wait.asked', { from: 'a' })
    await become(run, 'waiting')
    await send('sms.received', { from: 'b', text: 'other' })
    await Promise.all([1, 2, 3].map((n) => send('sms.received', { from: 'a', text: `t${n}` })))
    await become(run, 'completed')
    expect(heard.filter((line) => line.startsWith('a: t'))).toHaveLength(1)
  })

  test('yields null when its time is over', async () => {
    const run = await send('wait.asked', { from: 'c', within: '200ms' })
    await become(run, 'completed')
    expect(heard).toContain('c: nothing')
  })

  test('that only waits leaves the queue, and its lane to the runs behind it (J5)', async () => {
    const first = await send('wait.asked', { from: 'd', key: 'k' })
    const second = await send('wait.asked', { from: 'e', key: 'k', within: '50ms' })
    await become(second, 'completed')
    expect(await isParked(first)).toBe(true)
    expect(await scene.run(first)).toMatchObject({ status: 'waiting' })
    await send('sms.received', { from: 'x', text: 'not for it' })
    await send('sms.received', { from: 'd', text: 'late' })
    await become(first, 'completed')
    expect(heard).toContain('d: late')
  })

  test('whose `match` throws fails its run, and nothing beside it (F23)', async () => {
    const run = await send('match.throws')
    await become(run, 'waiting')
    await send('sms.received', { from: 'f' })
    await become(run, 'failed')
    expect((await scene.run(run)).error).toBe(
      'Step "never" failed: its `match` threw: no such field',
    )
  })

  test('misses none of the events that are stored while waits begin', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `q${n}`)
    const runs = await Promise.all(names.map((from) => send('wait.asked', { from })))
    await Promise.all(
      names.map(async (from) => {
        await vi.waitFor(() => expect(heard).toContain(`asked ${from}`), 15_000)
        await send('sms.received', { from, text: 'quick' })
      }),
    )
    for (const run of runs) await become(run, 'completed')
    for (const from of names) expect(heard).toContain(`${from}: quick`)
  }, 60_000)
})

test('an event that a journey emits starts the journeys on it, once', async () => {
  const run = await send('chain.asked', { n: 7 })
  await become(run, 'completed')
  await vi.waitFor(() => expect(heard).toContain('told 7'), 10_000)
  expect(heard.filter((line) => line === 'told 7')).toHaveLength(1)
})
