import type { Clock } from '@bookend/core'
import { isAway } from '../store/database.ts'
import { createGate } from '../gate.ts'

const FIRST_MS = 250
const MAX_MS = 5_000
/** As many as there are connections for it: who waits here waits for its turn, and is not told that the database is away. */
const AT_ONCE = 6

export interface Patience {
  /**
   * Answers when the database does: while it is away, `work` is tried again (F7), so it must bear
   * being done twice (F14). Rejects with its error once `giveUp` is aborted.
   */
  <T>(work: () => Promise<T>): Promise<T>
}

export function createPatience(clock: Clock, giveUp: AbortSignal): Patience {
  const gate = createGate(AT_ONCE)
  const once = async <T>(work: () => Promise<T>): Promise<T> => {
    await gate.enter()
    try {
      return await work()
    } finally {
      gate.leave()
    }
  }
  return async (work) => {
    for (let waitMs = FIRST_MS; ; waitMs = Math.min(waitMs * 2, MAX_MS)) {
      try {
        return await once(work)
      } catch (error) {
        if (!isAway(error) || giveUp.aborted) throw error
        await waitFor(clock, waitMs, giveUp)
      }
    }
  }
}

/** Resolves after `waitMs`, or as soon as `signal` is aborted. */
export function waitFor(clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.setTimer(waitMs, end)
    signal.addEventListener('abort', end, { once: true })
  })
}
