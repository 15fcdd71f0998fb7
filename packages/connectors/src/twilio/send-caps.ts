// How much one connection may send in any 24 hours: what a loop, or a caller who comes back with
// ever new ids, can cost (threat C12).
//
// Q1. A send counts from before it leaves, so that many at once cannot all slip through.
// Q2. What was surely not sent counts no more; what may have been counts.
// Q3. Counted in this process: a restart begins anew, and each worker has its own.

import { ConnectorFault } from '@bookend/core'

const DAY_MS = 86_400_000

export interface SendLimits {
  readonly per_number_a_day: number
  readonly per_day: number
}

export class SendCaps {
  /** Instants of sends, oldest first, in milliseconds. */
  readonly #all: number[] = []
  readonly #byNumber = new Map<string, number[]>()

  /** @throws {ConnectorFault} `limited` until the oldest send that counts is a day old. */
  async count<T>(
    number: string,
    limits: SendLimits,
    now: Date,
    send: () => Promise<T>,
  ): Promise<T> {
    const atMs = now.getTime()
    this.#forget(atMs - DAY_MS)
    const own = this.#byNumber.get(number) ?? []
    refuseAbove(own, limits.per_number_a_day, 'number_cap_reached')
    refuseAbove(this.#all, limits.per_day, 'day_cap_reached')
    this.#all.push(atMs)
    this.#byNumber.set(number, [...own, atMs])
    try {
      return await send()
    } catch (error) {
      const mayBeSent = error instanceof ConnectorFault && error.verdict.kind === 'unknown'
      if (!mayBeSent) this.#takeBack(number, atMs)
      throw error
    }
  }

  #takeBack(number: string, atMs: number): void {
    const own = this.#byNumber.get(number) ?? []
    for (const list of [this.#all, own]) {
      const at = list.lastIndexOf(atMs)
      if (at >= 0) list.splice(at, 1)
    }
    if (own.length === 0) this.#byNumber.delete(number)
  }

  #forget(beforeMs: number): void {
    const young = this.#all.findIndex((atMs) => atMs > beforeMs)
    if (young === 0) return
    this.#all.splice(0, young < 0 ? this.#all.length : young)
    for (const [number, times] of this.#byNumber) {
      const kept = times.filter((atMs) => atMs > beforeMs)
      if (kept.length === 0) this.#byNumber.delete(number)
      else this.#byNumber.set(number, kept)
    }
  }
}

function refuseAbove(times: readonly number[], max: number, detail: string): void {
  if (times.length < max) return
  const until = new Date((times[times.length - max] ?? 0) + DAY_MS)
  throw new ConnectorFault({ kind: 'limited', detail, until })
}
