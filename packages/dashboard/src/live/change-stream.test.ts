import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeSource } from '../testing/fake-source.ts'
import { type Change, ChangeStream, type StreamState } from './change-stream.ts'

const change = (id: string) => ({ topic: 'calls', id, call_id: null, at: '2026-03-03T12:00:00Z' })

function openStream(apply: () => Promise<void> = () => Promise.resolve()) {
  const sources: FakeSource[] = []
  const batches: string[][] = []
  const states: StreamState[] = []
  let resets = 0
  const stream = new ChangeStream({
    open: () => {
      const source = new FakeSource()
      sources.push(source)
      return source
    },
    onChanges: (changes: readonly Change[]) => {
      batches.push(changes.map(({ id }) => id))
      return apply()
    },
    onReset: () => {
      resets += 1
      return Promise.resolve()
    },
    onState: (state) => states.push(state),
  })
  stream.start()
  const source = (): FakeSource => sources.at(-1)!
  source().open()
  return { stream, source, sources, batches, states, resets: () => resets }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the change stream', () => {
  test('ignores a message that is not newer than the last one (L1)', async () => {
    const { source, batches } = openStream()
    source().say(7, change('a'))
    source().say(7, change('b'))
    source().say(3, change('c'))
    source().say(8, change('d'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(batches).toEqual([['a', 'd']])
  })

  test('tells the views at most four times a second, each change once (L2)', async () => {
    const { source, batches } = openStream()
    for (let id = 1; id <= 100; id += 1) {
      source().say(id, change(`call ${id % 3}`))
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(batches.length).toBeLessThanOrEqual(4)
    expect(batches[0]?.toSorted()).toEqual(['call 0', 'call 1', 'call 2'])
  })

  test('waits until the views have applied the last batch (L2)', async () => {
    let finish = (): void => undefined
    const applied = new Promise<void>((resolve) => {
      finish = resolve
    })
    const { source, batches } = openStream(() => applied)
    source().say(1, change('a'))
    await vi.advanceTimersByTimeAsync(300)
    source().say(2, change('b'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(batches).toEqual([['a']])
    finish()
    await vi.advanceTimersByTimeAsync(300)
    expect(batches).toEqual([['a'], ['b']])
  })

  test('opens a new connection, with growing pauses, where the browser gave up (L3)', async () => {
    const { source, sources, states } = openStream()
    source().fail(true)
    expect(states.at(-1)).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sources).toHaveLength(2)
    source().fail(true)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sources).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sources).toHaveLength(3)
    source().open()
    expect(states.at(-1)).toBe('live')
  })

  test('opens one connection when somebody comes back before the retry (L3)', async () => {
    const { stream, source, sources } = openStream()
    source().fail(true)
    stream.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sources).toHaveLength(2)
  })

  test('leaves it to the browser while the browser tries (L3)', async () => {
    const { source, sources, states } = openStream()
    source().fail()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sources).toHaveLength(1)
    source().open()
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'live'])
  })

  test('reloads on reset and after a new connection, and takes ids from the start (L4)', async () => {
    const { source, batches, resets } = openStream()
    source().say(500, change('a'))
    await vi.advanceTimersByTimeAsync(300)
    source().reset()
    await vi.advanceTimersByTimeAsync(300)
    expect(resets()).toBe(1)
    source().say(1, change('b'))
    await vi.advanceTimersByTimeAsync(300)
    expect(batches).toEqual([['a'], ['b']])
    source().fail(true)
    await vi.advanceTimersByTimeAsync(1_000)
    source().open()
    await vi.advanceTimersByTimeAsync(300)
    expect(resets()).toBe(2)
  })

  test('says nothing while paused, and reloads when it goes on (L4)', async () => {
    const { stream, source, sources, batches, states, resets } = openStream()
    source().say(1, change('a'))
    stream.pause()
    sources[0]?.say(2, change('b'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect([batches, states.at(-1)]).toEqual([[], 'paused'])
    stream.start()
    source().open()
    await vi.advanceTimersByTimeAsync(300)
    expect(resets()).toBe(1)
  })

  test('passes over what it cannot read', async () => {
    const { source, batches } = openStream()
    source().say(1, 'not json')
    source().say(2, { topic: 'weather', id: 'x' })
    source().say(3, { topic: 'runs', id: 'run', call_id: 'call' })
    await vi.advanceTimersByTimeAsync(300)
    expect(batches).toEqual([['run']])
  })
})
