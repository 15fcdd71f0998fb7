// A circuit in front of another system: one that keeps failing is left alone for a while.
//
//                 5 failures, half of the last 20 s
//      closed ──────────────────────────────────────▶ open ◀───────────┐
//         ▲                                     5 s │  10, 20, 40, 60 s │
//         │  it answers                             ▼                   │ it fails
//         └────────────────────────────────── half open: one probe ─────┘
//
// K1. While open nothing is admitted; while half open, one at a time.
// K2. What was admitted before the circuit last changed no longer speaks for it.
// K3. An end that says nothing of the system changes nothing, and makes room for the next probe.

import type { Clock } from '../kernel/clock.ts'

export type BreakerState = 'closed' | 'open' | 'half_open'

/** `unknown`: it was given up on too early, or our own limits ended it. */
export type Ending = 'answered' | 'failed' | 'unknown'

export type Admission =
  | {
      readonly kind: 'admitted'
      /** Says how it went; called once, whatever happens. */
      end(ending: Ending): void
    }
  | { readonly kind: 'refused'; readonly reopensInMs: number }

export interface BreakerChange {
  readonly state: BreakerState
  /** How long it stays open; 0 for the other states. */
  readonly openMs: number
}

const FAILURES_MIN = 5
const FAILURES_SHARE = 0.5
const BUCKET_MS = 1_000
const BUCKETS = 20
const OPEN_MS = 5_000
const OPEN_MAX_MS = 60_000

interface Bucket {
  readonly second: number
  answered: number
  failed: number
}

export class Breaker {
  readonly #clock: Clock
  readonly #onChange: (change: BreakerChange) => void
  #state: BreakerState = 'closed'
  #buckets: Bucket[] = []
  #openMs = OPEN_MS
  #openUntilMs = 0
  #isProbing = false
  /** Counts the changes; an admission belongs to one of these times (K2). */
  #epoch = 0

  constructor(clock: Clock, onChange: (change: BreakerChange) => void = () => undefined) {
    this.#clock = clock
    this.#onChange = onChange
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Closed, and nothing is counted against it. */
  get isIdle(): boolean {
    return this.#state === 'closed' && this.#count().failed === 0
  }

  admit(): Admission {
    const nowMs = this.#clock.monotonicMs()
    if (this.#state === 'open' && nowMs >= this.#openUntilMs) this.#change('half_open')
    if (this.#state === 'open') {
      return { kind: 'refused', reopensInMs: this.#openUntilMs - nowMs }
    }
    if (this.#state === 'half_open') {
      if (this.#isProbing) return { kind: 'refused', reopensInMs: OPEN_MS }
      this.#isProbing = true
    }
    const epoch = this.#epoch
    let isOver = false
    return {
      kind: 'admitted',
      end: (ending) => {
        if (isOver || epoch !== this.#epoch) return
        isOver = true
        this.#settle(ending)
      },
    }
  }

  #settle(ending: Ending): void {
    if (this.#state === 'half_open') {
      this.#isProbing = false
      if (ending === 'answered') this.#close()
      if (ending === 'failed') this.#open(Math.min(2 * this.#openMs, OPEN_MAX_MS))
      return
    }
    if (ending === 'unknown') return
    this.#bucket()[ending] += 1
    const { answered, failed } = this.#count()
    const isFailing = failed >= FAILURES_MIN && failed >= FAILURES_SHARE * (answered + failed)
    if (ending === 'failed' && isFailing) this.#open(OPEN_MS)
  }

  #open(openMs: number): void {
    this.#openMs = openMs
    this.#openUntilMs = this.#clock.monotonicMs() + openMs
    this.#change('open')
  }

  #close(): void {
    this.#buckets = []
    this.#openMs = OPEN_MS
    this.#change('closed')
  }

  #change(state: BreakerState): void {
    this.#state = state
    this.#isProbing = false
    this.#epoch += 1
    this.#onChange({ state, openMs: state === 'open' ? this.#openMs : 0 })
  }

  #bucket(): Bucket {
    const second = Math.floor(this.#clock.monotonicMs() / BUCKET_MS)
    const last = this.#buckets.at(-1)
    if (last !== undefined && last.second === second) return last
    const fresh = { second, answered: 0, failed: 0 }
    this.#buckets = [...this.#buckets.slice(1 - BUCKETS), fresh]
    return fresh
  }

  #count(): { answered: number; failed: number } {
    const oldest = Math.floor(this.#clock.monotonicMs() / BUCKET_MS) - BUCKETS
    const sum = { answered: 0, failed: 0 }
    for (const { second, answered, failed } of this.#buckets) {
      if (second <= oldest) continue
      sum.answered += answered
      sum.failed += failed
    }
    return sum
  }
}
