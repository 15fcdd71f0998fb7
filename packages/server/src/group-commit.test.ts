import { expect, test } from 'vitest'
import { createGroupCommit, type GroupCommitOptions } from './group-commit.ts'

/** Writes texts; `open` lets the batch that is under way end. */
function scene(rest: Partial<GroupCommitOptions<string, string>> = {}) {
  const batches: string[][] = []
  const alone: string[] = []
  let open: (() => void)[] = []
  const pass = (): Promise<void> => new Promise((resolve) => void open.push(resolve))
  const write = createGroupCommit<string, string>({
    lanes: 1,
    max: 3,
    maxSize: 10,
    sizeOf: (text) => text.length,
    async together(items) {
      batches.push([...items])
      await pass()
      return items.map((item) => ({ answer: `${item}!` }))
    },
    async alone(item) {
      alone.push(item)
      await pass()
      return `${item}.`
    },
    ...rest,
  })
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
  return {
    batches,
    alone,
    write,
    turn,
    release: async (): Promise<void> => {
      const waiting = open
      open = []
      for (const resolve of waiting) resolve()
      await turn()
    },
  }
}

test('what is asked for in one turn, or while a batch is written, is one batch', async () => {
  const { write, batches, alone, turn, release } = scene()
  const first = Promise.all([write('a'), write('b')])
  await turn()
  const second = Promise.all([write('c'), write('d'), write('e'), write('f')])
  await turn()
  expect(batches).toEqual([['a', 'b']])
  await release()
  expect(await first).toEqual(['a!', 'b!'])
  expect(batches).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ])
  await release()
  expect(alone).toEqual(['f'])
  await release()
  expect(await second).toEqual(['c!', 'd!', 'e!', 'f.'])
})

test('a batch has a size, and a large record is written all the same', async () => {
  const { write, batches, alone, turn, release } = scene()
  const all = Promise.all([write('12345'), write('12345'), write('12345678901'), write('1')])
  await turn()
  expect(batches).toEqual([['12345', '12345']])
  await release()
  expect(alone).toEqual(['12345678901'])
  await release()
  await release()
  expect(await all).toEqual(['12345!', '12345!', '12345678901.', '1.'])
})

test('what a batch leaves out is written alone, and holds up no other (G2)', async () => {
  const { write, alone, release, turn } = scene({
    together: async (items) => items.map((item) => (item === 'b' ? null : { answer: `${item}!` })),
  })
  const [a, b] = [write('a'), write('b')]
  expect(await a).toBe('a!')
  await turn()
  expect(alone).toEqual(['b'])
  await release()
  expect(await b).toBe('b.')
})

test('a batch that is refused is written one by one; each hears of its own (G1, G2)', async () => {
  const { write } = scene({
    together: () => Promise.reject(new Error('one of them is bad')),
    alone: (item) => (item === 'bad' ? Promise.reject(new Error('bad')) : Promise.resolve(item)),
  })
  const outcomes = await Promise.allSettled([write('a'), write('bad'), write('c')])
  expect(outcomes).toMatchObject([
    { status: 'fulfilled', value: 'a' },
    { status: 'rejected', reason: { message: 'bad' } },
    { status: 'fulfilled', value: 'c' },
  ])
  expect(await write('d')).toBe('d')
})
