import { expect, test } from 'vitest'
import { createAttemptSlots } from './attempt-slots.ts'

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('slots are given in the order of asking, and no more than there are', async () => {
  const slots = createAttemptSlots(1)
  const order: string[] = []
  const release = await slots.take(false)
  const second = slots.take(false).then((free) => (order.push('second'), free))
  const third = slots.take(false).then((free) => (order.push('third'), free))
  await settle()
  expect(order).toEqual([])
  release()
  release()
  await settle()
  expect(order).toEqual(['second'])
  ;(await second)()
  await third
  expect(order).toEqual(['second', 'third'])
})

test('suspects run one at a time, whatever else runs (F24)', async () => {
  const slots = createAttemptSlots(10)
  const first = await slots.take(true)
  let hasSecond = false
  void slots.take(true).then(() => (hasSecond = true))
  await slots.take(false)
  await settle()
  expect(hasSecond).toBe(false)
  first()
  await settle()
  expect(hasSecond).toBe(true)
})
