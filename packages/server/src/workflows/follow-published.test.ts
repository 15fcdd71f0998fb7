import { fakeClock } from '@bookend/core/testing'
import { expect, test } from 'vitest'
import type { Change } from '../changes/changes.ts'
import { followPublished } from './follow-published.ts'

function follow() {
  const clock = fakeClock()
  const listeners = new Set<(change: Change) => void>()
  const seen = { refreshes: 0, warnings: 0 }
  let isAway = false
  const following = followPublished({
    clock,
    registry: {
      refresh() {
        seen.refreshes += 1
        return isAway ? Promise.reject(new Error('away')) : Promise.resolve()
      },
    },
    changes: {
      subscribe(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    log: { info: () => undefined, error: () => undefined, warn: () => void (seen.warnings += 1) },
  })
  const tell = (topic: Change['topic']): void => {
    for (const listener of listeners) listener({ topic, workspaceId: '*', id: '*', callId: null })
  }
  return { clock, following, seen, tell, setAway: (away: boolean) => void (isAway = away) }
}

test('a change of the configuration is looked at, others are not', () => {
  const { seen, tell } = follow()
  tell('calls')
  tell('config')
  expect(seen.refreshes).toBe(1)
})

test('a notice that is lost is made up for (H1)', async () => {
  const { clock, seen } = follow()
  await clock.advance(5_000)
  await clock.advance(5_000)
  expect(seen.refreshes).toBe(2)
})

test('a database that is away is told once, and looked for again (H2, F8)', async () => {
  const { clock, seen, setAway } = follow()
  setAway(true)
  for (let looks = 0; looks < 3; looks += 1) await clock.advance(5_000)
  expect(seen).toEqual({ refreshes: 3, warnings: 1 })
  setAway(false)
  await clock.advance(5_000)
  setAway(true)
  await clock.advance(5_000)
  expect(seen).toEqual({ refreshes: 5, warnings: 2 })
})

test('nothing is looked at once it is closed', async () => {
  const { clock, following, seen, tell } = follow()
  following.close()
  tell('config')
  await clock.advance(20_000)
  expect(seen.refreshes).toBe(0)
})
