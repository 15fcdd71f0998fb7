// Takes connections down a few at a time. A thousand exchanges that end at the same deadline are
// answered in one go; destroying their connections in the same turn would hold the event loop, and
// with it the answers of everyone else.

type Destroy = () => Promise<void>

const sliceSize = 50

export class Teardown {
  #waiting: Destroy[] = []
  #isScheduled = false

  add(destroy: Destroy): void {
    this.#waiting.push(destroy)
    this.#schedule()
  }

  /** Everything that waits, at once; resolves when it is gone. */
  async finish(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    await Promise.all(waiting.map((destroy) => destroy()))
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return
    this.#isScheduled = true
    setImmediate(() => this.#takeSlice())
  }

  #takeSlice(): void {
    this.#isScheduled = false
    // Destroying a connection does not fail, and nobody waits for its end here.
    for (const destroy of this.#waiting.splice(0, sliceSize)) void destroy()
    this.#schedule()
  }
}
