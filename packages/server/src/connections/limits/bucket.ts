// How much one bucket of one account may still be asked.
//
//   refused until ─▶ nothing left until ─▶ tokens of the assumed rate ─▶ go, or so long to wait
//
// B1. What the system said goes before what is assumed of it.
// B2. Journeys may use 70 % of a bucket; the rest is kept for callers on the line.
// B3. A system that refuses is not asked before the time it named.
// B4. Whoever is sent away is told a turn of its own, so that a crowd does not come back as one.

import type { BucketRule, SeenLimit } from '@bookend/core'

export type Lane = 'caller' | 'journey'

export interface BucketState {
  quota: number | null
  remaining: number | null
  resetAt: Date | null
  blockedUntil: Date | null
}

/** Of a bucket, what is kept for callers. */
const RESERVED = 0.3
/** Between two turns where no rate is known. */
const TURN_MS = 50

export class Bucket {
  readonly state: BucketState = {
    quota: null,
    remaining: null,
    resetAt: null,
    blockedUntil: null,
  }
  readonly #rule: BucketRule | null
  #tokens: number
  #refilledAtMs: number
  #nextTurnMs = Number.NEGATIVE_INFINITY

  constructor(rule: BucketRule | null, nowMs: number) {
    this.#rule = rule
    this.#tokens = rule?.limit ?? 0
    this.#refilledAtMs = nowMs
  }

  /** How long until one more may be sent, in milliseconds; 0: now. Takes nothing. */
  waitMs(lane: Lane, now: Date, nowMs: number): number {
    const { blockedUntil } = this.state
    const refusedMs = blockedUntil === null ? 0 : blockedUntil.getTime() - now.getTime()
    return Math.max(0, refusedMs, this.#saidMs(lane, now), this.#assumedMs(lane, nowMs))
  }

  /** When a journey may come again that has to wait, in milliseconds from now (B4). */
  turnMs(waitMs: number, nowMs: number): number {
    const rule = this.#rule
    const apartMs = rule === null ? TURN_MS : rule.perMs / rule.limit / (1 - RESERVED)
    const at = Math.max(nowMs + waitMs, this.#nextTurnMs)
    this.#nextTurnMs = at + apartMs
    return Math.ceil(at - nowMs)
  }

  /** One is sent. */
  take(nowMs: number): void {
    this.#refill(nowMs)
    this.#tokens -= 1
    if (this.state.remaining !== null) this.state.remaining = Math.max(0, this.state.remaining - 1)
  }

  saw({ limit, remaining, resetAt }: SeenLimit, nowMs: number): void {
    const { state } = this
    state.quota = limit ?? state.quota
    state.remaining = remaining
    state.resetAt = resetAt
    this.#refill(nowMs)
    this.#tokens = Math.min(this.#tokens, remaining)
  }

  block(until: Date): void {
    const { blockedUntil } = this.state
    if (blockedUntil === null || blockedUntil < until) this.state.blockedUntil = until
  }

  /** By what the system told (B1); what it told before the last reset is over. */
  #saidMs(lane: Lane, now: Date): number {
    const { quota, remaining, resetAt } = this.state
    if (remaining === null || resetAt === null) return 0
    const leftMs = resetAt.getTime() - now.getTime()
    if (leftMs <= 0) return 0
    return remaining - 1 < reserveOf(lane, quota ?? this.#rule?.limit ?? 0) ? leftMs : 0
  }

  #assumedMs(lane: Lane, nowMs: number): number {
    const rule = this.#rule
    if (rule === null) return 0
    this.#refill(nowMs)
    const missing = reserveOf(lane, rule.limit) + 1 - this.#tokens
    return missing <= 0 ? 0 : Math.ceil((missing * rule.perMs) / rule.limit)
  }

  #refill(nowMs: number): void {
    const rule = this.#rule
    if (rule === null) return
    const gained = ((nowMs - this.#refilledAtMs) * rule.limit) / rule.perMs
    this.#tokens = Math.min(rule.limit, this.#tokens + gained)
    this.#refilledAtMs = nowMs
  }
}

/** A bucket of one has nothing to keep (B2). */
const reserveOf = (lane: Lane, limit: number): number =>
  lane === 'caller' ? 0 : Math.max(0, Math.min(limit * RESERVED, limit - 1))
