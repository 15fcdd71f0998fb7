// Answers given a moment ago, for platforms that ask again when they are not sure (contract §5).
//
// M1. One call asks once: the same question within 45 s gets the same answer, also while the first
//     is still being worked out. A call that has ended between makes the next one a new one.
// M2. Whoever hides their number is never taken for somebody else who does.

import type { PreCallRequest } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import { normaliseNumber } from '@bookend/core'

const REMEMBERED_MS = 45_000
const REMEMBERED_MAX = 10_000

interface Entry<T> {
  readonly answer: Promise<T>
  readonly pair: string
  readonly endsAtMs: number
}

export interface Question {
  readonly workspaceId: string
  readonly workflow: string
  readonly request: PreCallRequest
}

export class RepeatMemo<T> {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry<T>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  find(question: Question): Promise<T> | null {
    this.#forgetOld()
    return this.#entries.get(keyOf(question) ?? '')?.answer ?? null
  }

  remember(question: Question, answer: Promise<T>): void {
    const key = keyOf(question)
    if (key === null) return
    const { workspaceId, request } = question
    const pair = pairOf(workspaceId, request.call.from_number, request.call.to_number)
    const endsAtMs = this.#clock.monotonicMs() + REMEMBERED_MS
    this.#entries.delete(key)
    this.#entries.set(key, { answer, pair, endsAtMs })
    if (this.#entries.size > REMEMBERED_MAX) this.#entries.delete(firstOf(this.#entries))
  }

  /** A call between these two has ended. */
  callEnded(workspaceId: string, from: string, to: string): void {
    if (this.#entries.size === 0) return
    const pair = pairOf(workspaceId, from, to)
    for (const [key, entry] of this.#entries) if (entry.pair === pair) this.#entries.delete(key)
  }

  /** Entries stand in the order of their end. */
  #forgetOld(): void {
    const nowMs = this.#clock.monotonicMs()
    for (const [key, { endsAtMs }] of this.#entries) {
      if (endsAtMs > nowMs) return
      this.#entries.delete(key)
    }
  }
}

const firstOf = (entries: ReadonlyMap<string, unknown>): string => entries.keys().next().value ?? ''

const pairOf = (workspaceId: string, from: string, to: string): string =>
  JSON.stringify([workspaceId, normaliseNumber(from) ?? from, normaliseNumber(to) ?? to])

/** Null: a caller who cannot be told from others. Another agent, or another call, asks anew. */
function keyOf({ workspaceId, workflow, request: { call, agent } }: Question): string | null {
  if (normaliseNumber(call.from_number) === null) return null
  const pair = pairOf(workspaceId, call.from_number, call.to_number)
  return JSON.stringify([workflow, pair, call.direction, call.id ?? null, agent.id])
}
