import { expect, test } from 'vitest'
import { runHerd } from './herd.ts'

test('a herd of due runs drains, its poison fails alone, and calls are answered (F23, F25, F28)', async () => {
  // Enough for some seconds: the other workspace's run is due a second after these are.
  const runs = 6_000
  const result = await runHerd({ runs, callsPerSecond: 10 })
  expect(result).toMatchObject({ failed: 59, poisoned: 59, repeated: 0, wrongAnswers: 0 })
  // The other workspace's one as well.
  expect(result.completed).toBe(runs - 59 + 1)
  expect(result.otherEndedAt).toBeLessThan(1)
}, 300_000)
