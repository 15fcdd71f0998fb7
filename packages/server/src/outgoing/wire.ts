import type { Dispatcher } from 'undici'
import type { Exchange, WireControl } from './exchange.ts'

/**
 * Between undici and an exchange, in the callbacks that undici itself works with: for those of its
 * newer interface it would read every header a second time.
 */
export class Wire implements WireControl, Dispatcher.DispatchHandler {
  readonly #exchange: Exchange
  #abort: ((reason: Error) => void) | null = null
  rawHeaders: readonly Buffer[] = []

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  abort(reason: Error): void {
    this.#abort?.(reason)
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort
    this.#exchange.onRequestStart(this)
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    this.rawHeaders = rawHeaders
    this.#exchange.onResponseStart(this, status)
    return true
  }

  onData(chunk: Buffer): boolean {
    this.#exchange.onResponseData(this, chunk)
    return true
  }

  onComplete(): void {
    this.#exchange.onResponseEnd()
  }

  onError(error: Error): void {
    this.#exchange.onResponseError(this, error)
  }
}
