import type { AttemptSlots } from '@bookend/core'
import { createGate } from '../gate.ts'

/**
 * At most `max` attempts at once in this process, and of those at most one suspect: what ended the
 * process is told from what only ran beside it by letting it run again without the others.
 */
export function createAttemptSlots(max: number): AttemptSlots {
  const all = createGate(max)
  const suspects = createGate(1)
  return {
    async take(isSuspect) {
      if (isSuspect) await suspects.enter()
      await all.enter()
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        all.leave()
        if (isSuspect) suspects.leave()
      }
    },
  }
}
