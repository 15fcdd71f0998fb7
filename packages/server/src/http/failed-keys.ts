// How often an address may be wrong about a key (threat E5).
//
// K1. Ten wrong keys in a minute are answered as such; more are told to wait.
// K2. Only the wrong ones are counted and held up. Behind a proxy many clients share one address, and
//     nobody there may lock the others out: with 256 random bits the wait guards no key, but the log,
//     the processor, and whoever has mistyped one.
// K3. So many addresses are remembered, and no more: the oldest go first.

import type { Clock } from '@bookend/core'

const FAILURES_MAX = 10
const WINDOW_MS = 60_000
const ADDRESSES_MAX = 10_000

interface Window {
  readonly endsAtMs: number
  failures: number
}

export class FailedKeys {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #windows = new Map<string, Window>()

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /** Notes a wrong key. @returns How many seconds to wait; 0 while it is answered as wrong. */
  note(address: string): number {
    const nowMs = this.#clock.monotonicMs()
    const window = this.#windowOf(address, nowMs)
    window.failures += 1
    if (window.failures <= FAILURES_MAX) return 0
    return Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1_000))
  }

  #windowOf(address: string, nowMs: number): Window {
    const known = this.#windows.get(address)
    if (known !== undefined && known.endsAtMs > nowMs) return known
    // Deleted first, so that the order of the map stays the order of the windows.
    this.#windows.delete(address)
    const window = { endsAtMs: nowMs + WINDOW_MS, failures: 0 }
    this.#windows.set(address, window)
    const [oldest] = this.#windows.keys()
    if (this.#windows.size > ADDRESSES_MAX && oldest !== undefined) this.#windows.delete(oldest)
    return window
  }
}
