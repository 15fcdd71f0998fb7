import { describe, expect, test } from 'vitest'
import type { FakeClock } from '../testing/fake-clock.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import type { CacheBounds, Question } from './result-cache.ts'
import { ResultCache } from './result-cache.ts'

const policy = { freshMs: 1_000, staleMs: 10_000 }

/** A system that answers after `ms` with what it is told to, and counts who asks. */
function system(clock: FakeClock, answer: (nth: number) => unknown, ms = 300) {
  const seen = { asked: 0, aborted: 0 }
  const load = (signal: AbortSignal): Promise<unknown> => {
    seen.asked += 1
    const nth = seen.asked
    signal.addEventListener('abort', () => (seen.aborted += 1))
    return new Promise((resolve, reject) => {
      clock.setTimer(ms, () => {
        const value = answer(nth)
        if (value instanceof Error) reject(value)
        else resolve(value)
      })
    })
  }
  return { seen, load }
}

function start(
  answer: (nth: number) => unknown = (nth) => ({ nth }),
  bounds?: Partial<CacheBounds>,
) {
  const clock = fakeClock()
  const cache = new ResultCache(clock, bounds)
  const { seen, load } = system(clock, answer)
  const patience = new AbortController()
  const question = (more: Partial<Question> = {}): Question => ({
    workspaceId: 'w',
    key: 'phone',
    policy,
    signal: patience.signal,
    load,
    ...more,
  })
  const ask = (more: Partial<Question> = {}) => cache.ask(question(more))
  return { clock, cache, seen, ask, patience }
}

async function settled<T>(clock: FakeClock, value: Promise<T>): Promise<T | Error> {
  const outcome = value.catch((error: unknown) => error as Error)
  await clock.advance(300)
  return await outcome
}

describe('a question', () => {
  test('is looked up once, and served fresh after that', async () => {
    const { clock, seen, ask } = start()
    const first = ask()
    expect(first.state).toBe('miss')
    expect(await settled(clock, first.value)).toEqual({ nth: 1 })
    await clock.advance(999)
    const second = ask()
    expect(second.state).toBe('fresh')
    expect(await second.value).toEqual({ nth: 1 })
    expect(seen.asked).toBe(1)
  })

  test('is served stale at once, and looked up anew behind', async () => {
    const { clock, seen, ask } = start()
    await settled(clock, ask().value)
    await clock.advance(1_000)
    const stale = ask()
    expect(stale.state).toBe('stale')
    expect(await stale.value).toEqual({ nth: 1 })
    await clock.advance(300)
    const after = ask()
    expect(after.state).toBe('fresh')
    expect(await after.value).toEqual({ nth: 2 })
    expect(seen.asked).toBe(2)
  })

  test('is not served from what is older than stale', async () => {
    const { clock, ask } = start()
    await settled(clock, ask().value)
    await clock.advance(10_000)
    expect(ask().state).toBe('miss')
  })

  test('asked again while it is looked up is shared (M2)', async () => {
    const { clock, seen, ask } = start()
    const first = ask()
    await clock.advance(100)
    const second = ask()
    expect(second.state).toBe('shared')
    const both = Promise.all([first.value, second.value])
    expect(await settled(clock, both)).toEqual([{ nth: 1 }, { nth: 1 }])
    expect(seen.asked).toBe(1)
  })

  test('of many stale ones is looked up anew once', async () => {
    const { clock, seen, ask } = start()
    await settled(clock, ask().value)
    await clock.advance(1_000)
    for (let call = 0; call < 20; call += 1) expect(ask().state).toBe('stale')
    await clock.advance(300)
    expect(seen.asked).toBe(2)
  })

  test('is another one under another key', async () => {
    const { clock, seen, ask } = start()
    await settled(clock, ask().value)
    const other = ask({ key: 'other' })
    expect(other.state).toBe('miss')
    expect(await settled(clock, other.value)).toEqual({ nth: 2 })
    expect(seen.asked).toBe(2)
  })
})

describe('what a look-up brings', () => {
  test('after its call was cut is there for the next one (M1, B8)', async () => {
    const { clock, seen, ask, patience } = start()
    const cut = ask()
    cut.value.catch(() => undefined)
    await clock.advance(100)
    patience.abort()
    await clock.advance(200)
    expect(seen.aborted).toBe(0)
    const next = ask({ signal: new AbortController().signal })
    expect(next.state).toBe('fresh')
    expect(await next.value).toEqual({ nth: 1 })
  })

  test('cannot be changed by one call for another (M3, B9)', async () => {
    const { clock, ask } = start(() => ({ tags: ['vip'] }))
    const [first, second] = [ask(), ask()]
    const both = await settled(clock, Promise.all([first.value, second.value]))
    const [own, shared] = both as { tags: string[] }[]
    own?.tags.push('mine')
    const third = (await ask().value) as { tags: string[] }
    third.tags.push('mine too')
    expect(shared).toEqual({ tags: ['vip'] })
    expect(await ask().value).toEqual({ tags: ['vip'] })
  })

  test('is kept when it is nothing, and not when it is a fault (M4)', async () => {
    const { clock, ask } = start((nth) => (nth === 1 ? new Error('down') : null))
    expect(await settled(clock, ask().value)).toEqual(new Error('down'))
    const second = ask()
    expect(second.state).toBe('miss')
    expect(await settled(clock, second.value)).toBeNull()
    expect(ask().state).toBe('fresh')
  })

  test('is told to all who wait, when it is a fault', async () => {
    const { clock, ask } = start(() => new Error('down'))
    const all = [ask(), ask()].map(({ value }) => value.catch((error: unknown) => error))
    expect(await settled(clock, Promise.all(all))).toEqual([new Error('down'), new Error('down')])
  })

  test('is served on, stale, while looking it up anew fails', async () => {
    const { clock, ask } = start((nth) => (nth === 1 ? 'Ada' : new Error('down')))
    await settled(clock, ask().value)
    await clock.advance(1_000)
    ask()
    await clock.advance(300)
    const still = ask()
    expect(still.state).toBe('stale')
    expect(await still.value).toBe('Ada')
  })

  test('is kept only as JSON; else everybody looks it up', async () => {
    const { clock, seen, ask } = start(() => ({ at: new Date(0) }))
    const [first, second] = [ask(), ask()]
    await settled(clock, first.value)
    expect(await settled(clock, second.value)).toEqual({ at: new Date(0) })
    expect(ask().state).toBe('miss')
    await clock.advance(300)
    expect(seen.asked).toBe(3)
  })
})

describe('look-ups that nobody waits for (M5)', () => {
  const bounds = { backgroundMax: 2, backgroundMaxPerWorkspace: 1 }

  test('are given up on beyond their bound', async () => {
    const { clock, seen, ask, patience } = start(undefined, bounds)
    for (const key of ['a', 'b']) ask({ key }).value.catch(() => undefined)
    ask({ key: 'c', workspaceId: 'other' }).value.catch(() => undefined)
    await clock.advance(100)
    patience.abort()
    expect(seen.aborted).toBe(1)
    await clock.advance(300)
    expect(ask({ key: 'a' }).state).toBe('fresh')
  })

  test('do not begin while there is no room, and the stale result is served', async () => {
    const { clock, seen, ask } = start(undefined, bounds)
    for (const key of ['a', 'b']) await settled(clock, ask({ key }).value)
    await clock.advance(1_000)
    expect([ask({ key: 'a' }).state, ask({ key: 'b' }).state]).toEqual(['stale', 'stale'])
    await clock.advance(300)
    expect(seen.asked).toBe(3)
    expect(ask({ key: 'b' }).state).toBe('stale')
    await clock.advance(300)
    expect(seen.asked).toBe(4)
  })

  test('go on while somebody else waits', async () => {
    const { clock, seen, ask, patience } = start(undefined, { ...bounds, backgroundMax: 0 })
    ask().value.catch(() => undefined)
    await clock.advance(0)
    const other = ask({ signal: new AbortController().signal })
    patience.abort()
    expect(await settled(clock, other.value)).toEqual({ nth: 1 })
    expect(seen.aborted).toBe(0)
  })

  test('end with the cache, and leave nothing behind', async () => {
    const { clock, cache, seen, ask } = start()
    ask().value.catch(() => undefined)
    await clock.advance(100)
    cache.close()
    expect(seen.aborted).toBe(1)
    await clock.advance(300)
    expect(cache.entries).toBe(0)
  })
})
