import { expect, test } from 'vitest'
import { createFairGate } from './fair-gate.ts'

test('lets in as many as it may, those of one key in their order, and the keys in turn (F28)', async () => {
  const gate = createFairGate(1)
  const inside: string[] = []
  const enter = (key: string, name: string) => gate.enter(key).then(() => inside.push(name))
  await enter('noisy', 'n0')
  const waiting = [1, 2, 3].map((n) => enter('noisy', `n${n}`))
  waiting.push(enter('quiet', 'q1'), enter('other', 'o1'), enter('quiet', 'q2'))
  expect(gate.waiting).toBe(6)
  for (let n = 0; n < 6; n += 1) gate.leave()
  await Promise.all(waiting)
  expect(inside).toEqual(['n0', 'n1', 'q1', 'o1', 'n2', 'q2', 'n3'])
  gate.leave()
  expect(gate.waiting).toBe(0)
  await enter('late', 'l1')
})
