// Answers given a moment ago, for a platform that asks again while the same phone rings.
//
// M1. One call asks once: the same question gets the first one's answer, byte for byte, also while
//     that is still being worked out. The window counts from the first question.
// M2. A question without a key is never the same call as another.
// M3. Per workflow: another one that is asked of the same call runs.
// M4. A call that has ended between two numbers makes the next one between them a new one.

import type { Clock } from '@bookend/core'

const ENTRIES_MAX = 10_000

interface Entry<T> {
  readonly answer: Promise<T>
  readonly pair: string
  readonly endsAtMs: number
}

export interface MemoQuestion {
  readonly connectionId: string
  readonly workflow: string
  readonly memoKey: string | null
  readonly windowMs: number
  readonly from: string | null
  readonly to: string | null
}

export class PlatformMemo<T> {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #entries = new Map<string, Entry<T>>()

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /** The answer given before, or what `make` makes. */
  once(question: MemoQuestion, make: () => Promise<T>): { answer: Promise<T>; isRepeat: boolean } {
    const { connectionId, workflow, memoKey, windowMs, from, to } = question
    if (memoKey === null) return { answer: make(), isRepeat: false }
    const key = JSON.stringify([connectionId, workflow, memoKey])
    const nowMs = this.#clock.monotonicMs()
    const before = this.#entries.get(key)
    if (before !== undefined && before.endsAtMs > nowMs) {
      return { answer: before.answer, isRepeat: true }
    }
    const answer = make()
    this.#makeRoom(nowMs)
    const pair = pairOf(connectionId, from, to)
    this.#entries.delete(key)
    this.#entries.set(key, { answer, pair, endsAtMs: nowMs + windowMs })
    return { answer, isRepeat: false }
  }

  callEnded(connectionId: string, from: string | null, to: string | null): void {
    if (this.#entries.size === 0 || from === null || to === null) return
    const pair = pairOf(connectionId, from, to)
    for (const [key, entry] of this.#entries) if (entry.pair === pair) this.#entries.delete(key)
  }

  #makeRoom(nowMs: number): void {
    for (const [key, { endsAtMs }] of this.#entries) {
      if (endsAtMs > nowMs && this.#entries.size < ENTRIES_MAX) return
      this.#entries.delete(key)
    }
  }
}

const pairOf = (connectionId: string, from: string | null, to: string | null): string =>
  JSON.stringify([connectionId, from, to])
