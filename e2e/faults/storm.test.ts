import { expect, test } from 'vitest'
import { runStorm } from './storm.ts'

test('killed and crashed under load, it loses nothing and doubles nothing (F6, F7, F14)', async () => {
  const events = 600
  const { acknowledged, resends, tookMs, tries, ...wrong } = await runStorm({
    events,
    kills: 3,
    crashes: 2,
    seed: 7,
  })
  expect(wrong).toEqual({ lost: [], unknown: [], echoesWrong: [], changed: [] })
  expect(acknowledged).toBe(events)
  expect(tries).toBeGreaterThanOrEqual(events)
  expect(resends).toBeLessThan(events / 4)
  expect(tookMs).toBeGreaterThan(0)
}, 300_000)
