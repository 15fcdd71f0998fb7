// What an agent was told for calls that were answered a moment ago and are about to be spoken on: by
// the run's id, which the platform echoes. Who speaks on another process, or after a restart, finds
// nothing here and reads it from what the platform sends along.

import type { Clock } from '@bookend/core'

const KEPT_MS = 120_000
const KEPT_MAX = 10_000

export class PreparedCalls<T> {
  readonly #clock: Clock
  readonly #prepared = new Map<string, { readonly told: T; readonly untilMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  keep(runId: string, told: T): void {
    const nowMs = this.#clock.monotonicMs()
    this.#prepared.set(runId, { told, untilMs: nowMs + KEPT_MS })
    // The oldest are first: a map keeps the order in which it was filled.
    for (const [id, { untilMs }] of this.#prepared) {
      if (untilMs > nowMs && this.#prepared.size <= KEPT_MAX) break
      this.#prepared.delete(id)
    }
  }

  find(runId: string): T | undefined {
    const found = this.#prepared.get(runId)
    return found !== undefined && found.untilMs > this.#clock.monotonicMs() ? found.told : undefined
  }
}
