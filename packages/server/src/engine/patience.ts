import type { Clock } from '@bookend/core'
import { isAway } from '../store/database.ts'

const FIRST_MS = 250
const MAX_MS = 5_000

export interface Patience {
  /**
   * Answers when the database does: while it is away, `work` is tried again (F7), so it must bear
   * being done twice (F14). Rejects with its error once `giveUp` is aborted.
   */
  <T>(work: () => Promise<T>): Promise<T>
}

export function createPatience(clock: Clock, giveUp: AbortSignal): Patience {
  return async (work) => {
    for (let waitMs = FIRST_MS; ; waitMs = Math.min(waitMs * 2, MAX_MS)) {
      try {
        return await work()
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
