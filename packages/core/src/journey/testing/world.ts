// What stands outside of the engine in a simulated history: the systems that journeys write to, and
// what was seen there. The oracle: it believes no journal.
//
// O1. At a receiver that knows keys: one effect for each subject (I2). At one that knows none: one
//     request at most.
// O2. A step whose outcome was recorded is not begun again (J3), and its outcome never changes.
// O3. A step that ends its process is begun three times at most (F24).

import type { Json } from '@bookend/contract'
import { ConnectorFault } from '../../ports/verdict.ts'
import type { MemoryRun } from '../../testing/memory-journal.ts'

export class Violation extends Error {}

const CRASHES_MAX = 3

export interface World {
  /** A request to a receiver that knows keys. */
  sendKeyed(step: string, key: string): void
  /** A request to one that does not. */
  sendUnkeyed(step: string): void
  begins(run: MemoryRun, step: string, isPoison: boolean): void
  /** Compares what the run has recorded with what it had before. */
  check(run: MemoryRun): void
}

export function createWorld(fails: () => boolean): World {
  const keys = new Map<string, string>()
  const unkeyed = new Map<string, number>()
  const poisoned = new Map<string, number>()
  const settled = new Map<MemoryRun, Map<string, Json>>()
  const refuse = (): void => {
    if (fails()) throw new ConnectorFault({ kind: 'retry', detail: 'http_503' })
  }
  return {
    sendKeyed(step, key) {
      refuse()
      const before = keys.get(step)
      if (before !== undefined && before !== key) {
        throw new Violation(`I2: step "${step}" had two effects, under ${before} and ${key}`)
      }
      keys.set(step, key)
    },
    sendUnkeyed(step) {
      const count = (unkeyed.get(step) ?? 0) + 1
      if (count > 1) throw new Violation(`I2: step "${step}" was sent ${count} times without a key`)
      unkeyed.set(step, count)
    },
    begins(run, step, isPoison) {
      if (run.steps.get(step)?.status === 'ok') {
        throw new Violation(`J3: step "${step}" was begun again after its end`)
      }
      if (!isPoison) return
      const count = (poisoned.get(step) ?? 0) + 1
      poisoned.set(step, count)
      if (count > CRASHES_MAX) throw new Violation(`F24: step "${step}" ended ${count} processes`)
    },
    check(run) {
      const own = settled.get(run) ?? new Map<string, Json>()
      settled.set(run, own)
      for (const { name, status, output } of run.steps.values()) {
        const before = own.get(name)
        const isSettled = status === 'ok'
        if (before !== undefined && (!isSettled || !isSame(before, output))) {
          throw new Violation(`J3: the outcome of step "${name}" is another one than it was`)
        }
        if (isSettled) own.set(name, output)
      }
    },
  }
}

const isSame = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b)
