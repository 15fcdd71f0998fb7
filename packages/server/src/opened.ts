// What was opened, to be closed in the opposite order; each part, also when another fails to.

export class Opened implements AsyncDisposable {
  #closers: (() => Promise<void> | void)[] = []

  defer(close: () => Promise<void> | void): void {
    this.#closers.push(close)
  }

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(async () => resource[Symbol.asyncDispose]())
    return resource
  }

  /** Hands everything over to the returned one. */
  move(): Opened {
    const next = new Opened()
    next.#closers = this.#closers
    this.#closers = []
    return next
  }

  /** @throws The first failure, once all is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
