import type { HttpPhases } from '@bookend/core'

const NEVER = -1

/** The moments of one exchange, from which its phases are told. */
export class Stopwatch {
  readonly #startedAtMs: number = performance.now()
  #dialledAtMs = NEVER
  #resolvedAtMs = NEVER
  #connectedAtMs = NEVER
  #securedAtMs = NEVER
  #sentAtMs = NEVER
  #flushedAtMs = NEVER
  #headersAtMs = NEVER
  #isNamed = false
  #isSecure = false

  /** A connection had to be opened; a second opening forgets the first. */
  dialled(isNamed: boolean, isSecure: boolean): void {
    this.#isNamed = isNamed
    this.#isSecure = isSecure
    this.#dialledAtMs = performance.now()
    this.#resolvedAtMs = this.#connectedAtMs = this.#securedAtMs = NEVER
  }

  resolved(): void {
    this.#resolvedAtMs = performance.now()
  }

  connected(): void {
    this.#connectedAtMs = performance.now()
  }

  secured(): void {
    this.#securedAtMs = performance.now()
  }

  sent(): void {
    this.#sentAtMs = performance.now()
  }

  flushed(): void {
    this.#flushedAtMs = performance.now()
  }

  headers(): void {
    this.#headersAtMs = performance.now()
  }

  get wasSent(): boolean {
    return this.#sentAtMs !== NEVER
  }

  /** The phases up to now. */
  read(): HttpPhases {
    const nowMs = performance.now()
    const dialledAtMs = this.#dialledAtMs
    const resolvedAtMs = this.#isNamed ? this.#resolvedAtMs : dialledAtMs
    const queuedUntilMs = dialledAtMs === NEVER ? this.#sentAtMs : dialledAtMs
    return {
      queuedMs: between(this.#startedAtMs, queuedUntilMs, nowMs),
      dnsMs: this.#isNamed ? between(dialledAtMs, this.#resolvedAtMs, nowMs) : null,
      connectMs: between(resolvedAtMs, this.#connectedAtMs, nowMs),
      tlsMs: this.#isSecure ? between(this.#connectedAtMs, this.#securedAtMs, nowMs) : null,
      sendMs: between(this.#sentAtMs, this.#flushedAtMs, nowMs),
      waitMs: between(this.#flushedAtMs, this.#headersAtMs, nowMs),
      receiveMs: between(this.#headersAtMs, NEVER, nowMs),
      totalMs: nowMs - this.#startedAtMs,
    }
  }
}

function between(fromMs: number, toMs: number, nowMs: number): number | null {
  if (fromMs === NEVER) return null
  return (toMs === NEVER ? nowMs : toMs) - fromMs
}
