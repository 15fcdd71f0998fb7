import type { Source } from '../live/change-stream.ts'

/** A stream that says what a test lets it say. */
export class FakeSource implements Source {
  static readonly CLOSED = 2
  readyState = 0
  readonly #listeners = new Map<string, (event: Event) => void>()

  addEventListener(type: string, listen: (event: Event) => void): void {
    this.#listeners.set(type, listen)
  }

  open(): void {
    this.readyState = 1
    this.#listeners.get('open')?.(new Event('open'))
  }

  say(id: number, data: unknown): void {
    const text = typeof data === 'string' ? data : JSON.stringify(data)
    const event = new MessageEvent('change', { data: text, lastEventId: String(id) })
    this.#listeners.get('change')?.(event)
  }

  reset(): void {
    this.#listeners.get('reset')?.(new MessageEvent('reset', { data: '{}' }))
  }

  /** The connection broke; the browser tries again by itself unless it has given up. */
  fail(hasGivenUp = false): void {
    this.readyState = hasGivenUp ? FakeSource.CLOSED : 0
    this.#listeners.get('error')?.(new Event('error'))
  }

  close(): void {
    this.readyState = FakeSource.CLOSED
  }
}
