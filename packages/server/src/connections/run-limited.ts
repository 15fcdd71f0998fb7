import type { Clock } from '@bookend/core'

/** The time was up, or the step was given up on, and the action did not say how it ended. */
export class ActionOverranError extends Error {
  override readonly name = 'ActionOverranError'
}

/** How long an action may take to say how it ended: it alone knows whether anything was sent. */
const GRACE_MS = 250

export interface Limit {
  readonly clock: Clock
  readonly limitMs: number
  /** Ends the action early. */
  readonly signal: AbortSignal
}

/**
 * Runs an action against its time. At the end its own signal is aborted; what it brings within the
 * grace still counts.
 *
 * @throws {ActionOverranError} It went on for longer than that, and is no longer listened to.
 */
export function runLimited<T>(
  { clock, limitMs, signal }: Limit,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // Joined by hand: the listeners of `AbortSignal.any` live as long as the step's signal.
  const controller = new AbortController()
  return new Promise<T>((resolve, reject) => {
    let cancelGrace = (): void => undefined
    const stop = (): void => {
      release()
      cancelGrace = clock.setTimer(GRACE_MS, () => reject(new ActionOverranError()))
      controller.abort()
    }
    const cancelLimit = clock.setTimer(limitMs, stop)
    const release = (): void => {
      cancelLimit()
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop, { once: true })
    const clear = (): void => {
      release()
      cancelGrace()
    }
    const done = (value: T): void => {
      clear()
      resolve(value)
    }
    const fail = (error: unknown): void => {
      clear()
      reject(error)
    }
    try {
      // A connector written in JavaScript may bring no promise.
      Promise.resolve(run(controller.signal)).then(done, fail)
    } catch (error) {
      fail(error)
    }
  })
}
