import { expect, test } from 'vitest'
import { RetryBudget } from './retry-budget.ts'

const MINUTE_MS = 60_000

/** An endpoint that gets so many events a second, and each of them again for as long as it fails. */
function simulate({ perSecond, failsForMs }: { perSecond: number; failsForMs: number }) {
  let nowMs = 0
  const budget = new RetryBudget({ monotonicMs: () => nowMs })
  let [firsts, retries, waiting, drainedAtMs] = [0, 0, 0, 0]
  for (; nowMs < failsForMs + 10 * MINUTE_MS; nowMs += 1_000) {
    const isFailing = nowMs < failsForMs
    for (let event = 0; event < perSecond; event += 1) {
      budget.begin('one', false)
      if (isFailing) {
        firsts += 1
        waiting += 1
      }
    }
    // A claim takes at most 16 at once.
    for (let claim = 0; claim < 10 && waiting > 0 && budget.exhausted().length === 0; claim += 1) {
      for (let taken = 0; taken < 16 && waiting > 0; taken += 1) {
        budget.begin('one', true)
        if (isFailing) retries += 1
        else {
          waiting -= 1
          budget.succeed('one', true)
        }
      }
    }
    if (waiting === 0 && drainedAtMs === 0 && !isFailing) drainedAtMs = nowMs
  }
  return { firsts, retries, drainedMs: drainedAtMs - failsForMs }
}

test('an endpoint that fails for five minutes gets a tenth of its requests again (B1, F26)', () => {
  const { firsts, retries } = simulate({ perSecond: 20, failsForMs: 5 * MINUTE_MS })
  expect(firsts).toBe(6_000)
  expect(retries).toBeGreaterThan(0.09 * firsts)
  // The tenth, what was saved up, the trickle, and one claim in debt.
  expect(retries).toBeLessThanOrEqual(0.1 * firsts + 10 + 5 + 16)
})

test('an endpoint that gets little is asked again all the same (B1)', () => {
  const { retries } = simulate({ perSecond: 0, failsForMs: 5 * MINUTE_MS })
  expect(retries).toBe(0)
  let nowMs = 0
  const budget = new RetryBudget({ monotonicMs: () => nowMs })
  for (let spent = 0; spent < 10; spent += 1) budget.begin('rare', true)
  expect(budget.exhausted()).toEqual(['rare'])
  nowMs = MINUTE_MS
  expect(budget.exhausted()).toEqual([])
})

test('a backlog of retries drains at full speed once its endpoint is back (B2)', () => {
  const { drainedMs } = simulate({ perSecond: 20, failsForMs: 5 * MINUTE_MS })
  // 6,000 of them, 160 a second.
  expect(drainedMs).toBeLessThan(2 * MINUTE_MS)
})

test('one endpoint’s retries do not spend another’s', () => {
  const budget = new RetryBudget({ monotonicMs: () => 0 })
  for (let spent = 0; spent < 12; spent += 1) budget.begin('one', true)
  budget.begin('other', true)
  expect(budget.exhausted()).toEqual(['one'])
})
