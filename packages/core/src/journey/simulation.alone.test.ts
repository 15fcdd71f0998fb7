// Histories of the journey runtime, by the thousand (faults §5). A history that fails names its seed:
// `runHistory(<seed>)` is the same history again.

import { describe, expect, test } from 'vitest'
import { type Guard, runHistory } from './testing/history.ts'
import { Violation } from './testing/world.ts'

const HISTORIES = Number(process.env['BOOKEND_HISTORIES'] ?? 10_000)
const FIRST_SEED = Number(process.env['BOOKEND_SEED'] ?? Date.now() % 1_000_000_000)
/** Without a guard, a violation is found among so many. */
const UNGUARDED = 2_000

async function findViolation(without: Guard, count: number): Promise<string | null> {
  for (let seed = 1; seed <= count; seed += 1) {
    const violation = await runHistory(seed, without).then(
      () => null,
      (error: unknown) => error,
    )
    if (violation instanceof Violation) return violation.message
    if (violation !== null) throw violation
  }
  return null
}

describe('histories with crashes, stalls, lost answers and duplicates', () => {
  test(`all end, with every effect once (I1–I3); seeds from ${FIRST_SEED}`, async () => {
    const outcomes = { completed: 0, failed: 0, executions: 0 }
    for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed += 1) {
      const { outcome, executions } = await runHistory(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error })
      })
      outcomes[outcome] += 1
      outcomes.executions += executions
    }
    // A simulation in which nothing succeeds, or nothing goes wrong, shows nothing (I6).
    expect(outcomes.completed).toBeGreaterThan(HISTORIES / 10)
    expect(outcomes.executions).toBeGreaterThan(HISTORIES * 2)
  }, 300_000)

  test.each<[Guard, RegExp]>([
    ['unique_run', /^I2/],
    ['fencing', /^(I2|J3)/],
    ['counted_first', /^(F24|I2)/],
  ])(
    'are found out when the journal is without %s',
    async (without, violation) => {
      expect(await findViolation(without, UNGUARDED)).toMatch(violation)
    },
    60_000,
  )
})
