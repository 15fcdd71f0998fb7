import type { Clock, StopListener, StopSignal } from '@bookend/core'
import { Stop } from '@bookend/core'

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
  readonly signal: StopSignal
}

/**
 * Runs an action against its time. At the end its own stop is told; what it brings within the grace
 * still counts.
 *
 * @throws {ActionOverranError} It went on for longer than that, and is no longer listened to.
 */
export function runStoppable<T>(limit: Limit, run: (stop: Stop) => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const limited = new LimitedRun(limit, resolve, reject)
    try {
      // A connector written in JavaScript may bring no promise.
      Promise.resolve(run(limited.stop)).then(
        (value) => limited.done(value),
        (error: unknown) => limited.fail(error),
      )
    } catch (error) {
      limited.fail(error)
    }
  })
}

/** The same for what takes an `AbortSignal`. */
export const runLimited = <T>(limit: Limit, run: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  runStoppable(limit, ({ signal }) => run(signal))

class LimitedRun<T> implements StopListener {
  readonly stop = new Stop()
  readonly #clock: Clock
  readonly #signal: StopSignal
  readonly #resolve: (value: T) => void
  readonly #reject: (error: unknown) => void
  #cancel: () => void

  constructor(
    { clock, limitMs, signal }: Limit,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#clock = clock
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    this.#cancel = clock.setTimer(limitMs, () => this.handleEvent())
    signal.addEventListener('abort', this)
  }

  /** The time is up, or the step was given up on. */
  handleEvent(): void {
    this.#release()
    this.#cancel = this.#clock.setTimer(GRACE_MS, () => this.#reject(new ActionOverranError()))
    this.stop.abort()
  }

  done(value: T): void {
    this.#release()
    this.#resolve(value)
  }

  fail(error: unknown): void {
    this.#release()
    this.#reject(error)
  }

  #release(): void {
    this.#cancel()
    this.#signal.removeEventListener('abort', this)
  }
}
