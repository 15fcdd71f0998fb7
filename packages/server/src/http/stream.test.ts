import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import { EVERYTHING, type Change } from '../changes/change.ts'
import { createStreams, parseTopics, streamsMax, type StreamOut, type Streams } from './stream.ts'

const call = (id: string, more: Partial<Change> = {}): Change => {
  return { topic: 'calls', workspaceId: 'ours', id, callId: id, ...more }
}

interface Message {
  readonly id: number
  readonly event: string
  readonly data: unknown
}

class Reader implements StreamOut {
  text = ''
  isOver = false
  unreadBytes = 0
  readonly #listeners: (() => void)[] = []

  writeHead(): void {}
  write(text: string): boolean {
    this.text += text
    return true
  }
  end(): void {
    this.isOver = true
  }
  destroy(): void {
    this.isOver = true
    this.leave()
  }
  on(_: string, listener: () => void): void {
    this.#listeners.push(listener)
  }
  leave(): void {
    for (const listener of this.#listeners) listener()
  }
  get writableLength(): number {
    return this.unreadBytes
  }

  /** As an `EventSource` would tell them. */
  get messages(): Message[] {
    return this.text.split('\n\n').flatMap((block) => {
      const fields = new Map(
        block.split('\n').map((line) => {
          const colon = line.indexOf(': ')
          return [line.slice(0, colon), line.slice(colon + 2)] as const
        }),
      )
      const { id, event, data } = Object.fromEntries(fields)
      if (event === undefined || data === undefined) return []
      return [{ id: Number(id), event, data: JSON.parse(data) as unknown }]
    })
  }

  get told(): unknown[] {
    return this.messages.map(({ event, data }) =>
      event === 'change' ? (data as { id: string }).id : event,
    )
  }

  get lastEventId(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? ''
  }
}

function setUp(): {
  streams: Streams
  publish: (change: Change) => void
  advance: (ms: number) => Promise<void>
  open: (lastEventId?: string, workspaceId?: string) => Reader
  timers: () => number
} {
  const clock = fakeClock()
  let listener: (change: Change) => void = () => undefined
  const subscribe = (listen: typeof listener): (() => void) => {
    listener = listen
    return () => undefined
  }
  const streams = createStreams({ changes: { subscribe }, clock })
  return {
    streams,
    publish: (change) => listener(change),
    advance: (ms) => clock.advance(ms),
    open(lastEventId, workspaceId = 'ours') {
      const reader = new Reader()
      streams.open(reader, { workspaceId, topics: ['calls', 'runs'], lastEventId })
      return reader
    },
    timers: () => clock.pendingTimers,
  }
}

describe('a stream', () => {
  test('tells a change at once, with a number that grows', async () => {
    const { open, publish, advance } = setUp()
    const reader = open()
    publish(call('a'))
    const at = '2026-03-02T15:04:05.000Z'
    const data = { topic: 'calls', id: 'a', call_id: 'a', at }
    expect(reader.messages).toMatchObject([{ event: 'change', data }])
    await advance(300)
    publish(call('b'))
    const [first, second] = reader.messages
    expect(second?.id).toBe((first?.id ?? 0) + 1)
  })

  test('tells of its own workspace and its topics only (S1, I5, E15)', async () => {
    const { open, publish, advance } = setUp()
    const [ours, theirs] = [open(), open('', 'theirs')]
    publish(call('a'))
    publish(call('b', { workspaceId: 'theirs' }))
    publish(call('c', { topic: 'deliveries' }))
    await advance(300)
    expect([ours.told, theirs.told]).toEqual([['a'], ['b']])
  })

  test('tells the same record at most four times a second, and its last change always', async () => {
    const { open, publish, advance } = setUp()
    const reader = open()
    for (let ms = 0; ms < 1_000; ms += 10) {
      publish(call('a'))
      await advance(10)
    }
    publish(call('a'))
    expect(reader.told.length).toBeLessThanOrEqual(5)
    await advance(300)
    const numbers = reader.messages.map(({ id }) => id)
    expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBe(100)
  })

  test('gathers others meanwhile, in the order of their numbers', async () => {
    const { open, publish, advance } = setUp()
    const reader = open()
    for (const id of ['a', 'b', 'c', 'b']) publish(call(id))
    expect(reader.told).toEqual(['a'])
    await advance(300)
    expect(reader.told).toEqual(['a', 'c', 'b'])
  })

  test('shows that it lives every 15 s, and moves its reader past what was not for it', async () => {
    const { open, publish, advance } = setUp()
    const reader = open()
    for (let n = 0; n < 5; n += 1) publish(call('x', { workspaceId: 'theirs' }))
    const before = Number(reader.lastEventId)
    await advance(15_001)
    expect(reader.text.match(/^: /gm)).toHaveLength(2)
    expect(Number(reader.lastEventId)).toBe(before + 5)
    expect(reader.messages).toEqual([])
  })
})

describe('a reader that comes again', () => {
  test('hears what it missed, and no more (S2)', async () => {
    const { open, publish, advance } = setUp()
    const reader = open()
    publish(call('a'))
    reader.leave()
    publish(call('b'))
    publish(call('c', { workspaceId: 'theirs' }))
    publish(call('d'))
    const again = open(reader.lastEventId)
    await advance(300)
    expect(again.told).toEqual(['b', 'd'])
    expect(open(again.lastEventId).told).toEqual([])
  })

  test('also when nothing had been told before it left', () => {
    const { open, publish } = setUp()
    const reader = open()
    reader.leave()
    publish(call('a'))
    expect(open(reader.lastEventId).told).toEqual(['a'])
  })

  test('after more than is kept is told to read anew', () => {
    const { open, publish } = setUp()
    const reader = open()
    reader.leave()
    for (let n = 0; n < 1_000; n += 1) publish(call('x', { workspaceId: 'theirs' }))
    expect(open(reader.lastEventId).told).toEqual([])
    publish(call('x', { workspaceId: 'theirs' }))
    expect(open(reader.lastEventId).told).toEqual(['reset'])
  })

  test.each(['0', '999999999999999', '-1', 'abc', '1e3'])('with %j, of elsewhere, too', (id) => {
    expect(setUp().open(id).told).toEqual(['reset'])
  })

  test('to a process that has started since, too', () => {
    const before = setUp()
    const reader = before.open()
    before.publish(call('a'))
    expect(setUp().open(reader.lastEventId).told).toEqual(['reset'])
  })
})

test('when any change may have been missed, everybody reads anew', () => {
  const { open, publish } = setUp()
  const readers = [open(), open('', 'theirs')]
  publish(EVERYTHING)
  expect(readers.map(({ told }) => told)).toEqual([['reset'], ['reset']])
})

test('a reader too slow for 256 KiB is cut off (S3, E15)', () => {
  const { open, publish, streams, timers } = setUp()
  const [slow, quick] = [open(), open()]
  slow.unreadBytes = 262_145
  publish(call('a'))
  expect([slow.isOver, quick.isOver, streams.count]).toEqual([true, false, 1])
  quick.leave()
  expect(timers()).toBe(0)
})

test('more than 500 streams are refused, until one ends', () => {
  const { open, streams } = setUp()
  const readers = Array.from({ length: streamsMax }, () => open())
  expect(open().text).toBe('')
  readers[0]?.leave()
  expect(open().text).not.toBe('')
  expect(streams.count).toBe(streamsMax)
})

test('closing ends every stream, and takes no new one (S4)', () => {
  const { open, streams, timers } = setUp()
  const readers = [open(), open()]
  streams.close()
  expect(readers.every(({ isOver }) => isOver)).toBe(true)
  expect([streams.count, timers(), open().text]).toEqual([0, 0, ''])
})

test.each([
  ['calls,runs', ['calls', 'runs']],
  [' runs , calls ', ['calls', 'runs']],
  ['calls', ['calls']],
  ['', null],
  [undefined, null],
  ['calls,people', null],
])('the topics of %j', (text, topics) => {
  expect(parseTopics(text)).toEqual(topics)
})
