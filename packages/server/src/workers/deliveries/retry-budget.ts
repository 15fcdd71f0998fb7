// Bounds what failing endpoints are asked again, so that trouble is not answered with more load (F26).
//
//   first attempt ─▶ earns a tenth of a retry     a retry ─▶ spends one, given back when it succeeds
//
// B1. To each subscription, retries that fail are at most a tenth of first attempts, but for a few
//     that are saved up and one a minute, so that whoever gets little is asked again at all.
// B2. What succeeds costs nothing: a backlog of retries drains at full speed once its endpoint is back.
// B3. A retry that is held back stays due, and loses no attempt.

import type { Clock } from '@bookend/core'

const EARNED = 0.1
const SAVED_MAX = 10
const TRICKLE_EVERY_MS = 60_000

interface Account {
  retries: number
  atMs: number
}

export class RetryBudget {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  /** Those that are not at their most; all others have that. */
  readonly #accounts = new Map<string, Account>()

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  begin(subscriptionId: string, isRetry: boolean): void {
    this.#add(subscriptionId, isRetry ? -1 : EARNED)
  }

  /** Gives back what a retry cost. */
  succeed(subscriptionId: string, isRetry: boolean): void {
    if (isRetry) this.#add(subscriptionId, 1)
  }

  /** Subscriptions whose retries have to wait. */
  exhausted(): string[] {
    return [...this.#accounts.keys()].filter((id) => this.#read(id) < 1)
  }

  #add(subscriptionId: string, retries: number): void {
    const next = Math.min(this.#read(subscriptionId) + retries, SAVED_MAX)
    if (next === SAVED_MAX) this.#accounts.delete(subscriptionId)
    else this.#accounts.set(subscriptionId, { retries: next, atMs: this.#clock.monotonicMs() })
  }

  #read(subscriptionId: string): number {
    const account = this.#accounts.get(subscriptionId)
    if (account === undefined) return SAVED_MAX
    const trickled = (this.#clock.monotonicMs() - account.atMs) / TRICKLE_EVERY_MS
    return Math.min(account.retries + trickled, SAVED_MAX)
  }
}
