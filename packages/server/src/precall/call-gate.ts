/**
 * How many calls may wait for their workflow at once. Beyond that a call is answered without one, at
 * once: a queue would only make all of them late.
 */
export class CallGate {
  readonly #max: number
  #inFlight = 0
  #shed = 0

  constructor(max: number) {
    this.#max = max
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Calls that were answered without asking, since the start. */
  get shed(): number {
    return this.#shed
  }

  /** At least half of the room is left. */
  get isCalm(): boolean {
    return this.#inFlight * 2 <= this.#max
  }

  async pass<T>(ask: () => Promise<T>, instead: () => T): Promise<T> {
    if (this.#inFlight >= this.#max) {
      this.#shed += 1
      return instead()
    }
    this.#inFlight += 1
    try {
      return await ask()
    } finally {
      this.#inFlight -= 1
    }
  }
}
