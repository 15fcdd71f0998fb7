import { expect, test } from 'vitest'
import { Teardown } from './teardown.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function counting(): { destroyed: () => number; destroy: () => Promise<void> } {
  let count = 0
  return {
    destroyed: () => count,
    destroy: async () => {
      count += 1
    },
  }
}

test('a thousand connections are not taken down in one turn of the loop (fact 8)', async () => {
  const { destroyed, destroy } = counting()
  const teardown = new Teardown()
  for (let index = 0; index < 1_000; index += 1) teardown.add(destroy)
  expect(destroyed()).toBe(0)
  const perTurn: number[] = []
  while (destroyed() < 1_000) {
    const before = destroyed()
    await turn()
    perTurn.push(destroyed() - before)
  }
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(50)
})

test('what is added later has its turn, too', async () => {
  const { destroyed, destroy } = counting()
  const teardown = new Teardown()
  teardown.add(destroy)
  await turn()
  teardown.add(destroy)
  await turn()
  expect(destroyed()).toBe(2)
})

test('the end waits for everything at once', async () => {
  const { destroyed, destroy } = counting()
  const teardown = new Teardown()
  for (let index = 0; index < 120; index += 1) teardown.add(destroy)
  await teardown.finish()
  expect(destroyed()).toBe(120)
})
