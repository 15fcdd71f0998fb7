import type { AttemptSlots } from '@bookend/core'

interface Gate {
  enter(): Promise<void>
  leave(): void
}

/** First come, first served. */
function createGate(max: number): Gate {
  const waiting: (() => void)[] = []
  let free = max
  return {
    async enter() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    leave() {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}

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
