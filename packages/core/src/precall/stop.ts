// The end of a step or of an action, told to whoever waits for it.
//
// S1. It costs nothing until somebody listens, and an `AbortSignal` is made only for who asks for one.
// S2. Who listens is told once; who comes later reads `aborted`.

import type { StopListener, StopSignal } from '../ports/stop-signal.ts'

export class Stop implements StopSignal {
  #isAborted = false
  #listeners: StopListener[] | undefined
  #controller: AbortController | undefined

  get aborted(): boolean {
    return this.#isAborted
  }

  /** Somebody would be told. */
  get isHeard(): boolean {
    return (
      this.#controller !== undefined ||
      (this.#listeners !== undefined && this.#listeners.length > 0)
    )
  }

  /** The same for what takes nothing lighter. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#isAborted) this.#controller.abort()
    }
    return this.#controller.signal
  }

  addEventListener(_type: 'abort', listener: StopListener): void {
    if (this.#listeners === undefined) this.#listeners = [listener]
    else this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: StopListener): void {
    const at = this.#listeners?.indexOf(listener) ?? -1
    if (at !== -1) this.#listeners?.splice(at, 1)
  }

  abort(): void {
    if (this.#isAborted) return
    this.#isAborted = true
    this.#controller?.abort()
    const listeners = this.#listeners
    this.#listeners = undefined
    for (const listener of listeners ?? []) listener.handleEvent()
  }
}
