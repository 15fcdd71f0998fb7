import { expect, test } from 'vitest'
import { createCrashAt, crashPoints } from './crash-points.ts'

const crashesOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  const hit: string[] = []
  for (const point of crashPoints) {
    let isHit = false
    createCrashAt(env, () => (isHit = true))(point)
    if (isHit) hit.push(point)
  }
  return hit
}
const wanted = { BOOKEND_CRASH_AT: 'delivery.sent', BOOKEND_TEST_CRASHES: '1' }

test('a crash is had where it is asked for, twice (C1)', () => {
  expect(crashesOf(wanted)).toEqual(['delivery.sent'])
  expect(crashesOf({ ...wanted, BOOKEND_TEST_CRASHES: '0' })).toEqual([])
  expect(crashesOf({ ...wanted, BOOKEND_CRASH_AT: 'anywhere' })).toEqual([])
})

test('no crash is had in production, whatever is asked for (C1)', () => {
  expect(crashesOf({ ...wanted, NODE_ENV: 'production' })).toEqual([])
})
