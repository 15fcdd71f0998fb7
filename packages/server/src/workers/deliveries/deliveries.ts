// Brings events to their subscribers.
//
//   wake (a change · a second gone by · one finished) ─▶ claim ─▶ attempt ─▶ judge ─▶ settle
//
// W1. What is due is sent or refused, by this process or another; a killed one's work comes back when
//     its lease ends, within 20 s (F3).
// W2. A subscription holds its share at most, and never more than half of what is free: many slow
//     ones together leave room for the others (F27).
// W3. The database away costs waiting, not the process, and no attempt that was made is forgotten
//     while this process lives (F7).
// W4. A subscription that is disabled gets nothing: what comes due for it is cancelled, not kept. It
//     gets no new events either, so what it missed is one gap, filled by a replay; and nothing
//     stays pending without an hour at which it goes on (I3).
// W5. An endpoint that keeps failing is asked once a minute, warned of after a day and disabled after
//     five; whoever watches `webhook.disabled` hears of it.

import {
  endpointDisabledReason,
  judgeEndpoint,
  nextAttemptAt,
  type BookendError,
  type Clock,
  type EndpointHealth,
  type HttpPort,
  type HttpResult,
} from '@bookend/core'
import { setMaxListeners } from 'node:events'
import type { Changes } from '../../changes/changes.ts'
import { crashAt } from '../../crash-points.ts'
import type { Engine } from '../../engine/engine.ts'
import { announce } from '../../events/accept-event.ts'
import type { Log } from '../../log.ts'
import type { Secrets } from '../../secrets/secrets.ts'
import { isAway, type Database } from '../../store/database.ts'
import { answerText, renderPhases } from './answer-text.ts'
import { databaseNow, makeAttempt, type FindCall, type HeldDelivery } from './attempt.ts'
import { claimDeliveries, coalescedGapMs } from './claim.ts'
import { disableSubscription } from './disable.ts'
import { judge } from './judge.ts'
import { RetryBudget } from './retry-budget.ts'
import { createSettle, type Settle, type Settlement } from './settle.ts'

export interface DeliveriesOptions {
  readonly database: Database
  readonly outgoing: HttpPort
  readonly secrets: Secrets
  readonly clock: Clock
  readonly log: Log
  readonly changes: Changes
  /** Starts what is to follow when a subscription is disabled. */
  readonly engine: Pick<Engine, 'enqueue'>
  readonly findCall: FindCall
  /** From 0 to 1. */
  readonly random?: () => number
  /** Deliveries under way at once, in this process. */
  readonly concurrency?: number
  /** Of them, to one subscription. */
  readonly perSubscription?: number
}

export interface DeliveryWorker {
  /** Looks for due deliveries now. */
  wake(): void
  /** Claims no more; what is under way gets 8 s, then is left to whoever goes on. */
  close(): Promise<void>
}

const POLL_MS = 1_000
/** Between two looks that found little, so that deliveries are claimed some at a time. */
const PAUSE_MS = 5
/** What a cap of ours held back is asked for again after this long, or up to twice as long. */
const HELD_MS = 1_000
const DRAIN_MS = 8_000
const LAST_RECORD_MS = 1_000
const AWAY_FIRST_MS = 250
const AWAY_MAX_MS = 5_000

export function startDeliveries(options: DeliveriesOptions): DeliveryWorker {
  const worker = new Worker(options)
  worker.start()
  return worker
}

class Worker implements DeliveryWorker {
  readonly #options: DeliveriesOptions
  readonly #settle: Settle
  readonly #concurrency: number
  readonly #perSubscription: number
  readonly #random: () => number
  readonly #retries: RetryBudget
  /** Aborted when the time for what is under way is over. */
  readonly #end = new AbortController()
  readonly #underWay = new Map<string, number>()
  readonly #attempts = new Set<Promise<void>>()
  readonly #timers = new Set<() => void>()
  #unsubscribe: () => void = () => undefined
  #claiming: Promise<void> | null = null
  #isWanted = false
  #isPaused = false
  #awayInARow = 0
  #isClosed = false

  constructor(options: DeliveriesOptions) {
    this.#options = options
    this.#settle = createSettle(options)
    this.#concurrency = options.concurrency ?? 64
    this.#perSubscription = options.perSubscription ?? 16
    this.#random = options.random ?? Math.random
    this.#retries = new RetryBudget(options.clock)
    // One for each attempt under way.
    setMaxListeners(0, this.#end.signal)
  }

  start(): void {
    this.#unsubscribe = this.#options.changes.subscribe(({ topic }) => {
      if (topic === 'deliveries') this.wake()
    })
    this.#poll()
  }

  wake(): void {
    this.#isWanted = true
    if (this.#isClosed || this.#isPaused || this.#claiming !== null) return
    this.#claiming = this.#claimWhileWanted().finally(() => {
      this.#claiming = null
      this.#pause()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#unsubscribe()
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    const rest = async (): Promise<void> => {
      await this.#claiming
      await Promise.all(this.#attempts)
    }
    const finished = rest()
    if (await this.#isDoneWithin(finished, DRAIN_MS)) return
    this.#end.abort()
    await this.#isDoneWithin(finished, LAST_RECORD_MS)
  }

  #poll(): void {
    this.wake()
    this.#later(POLL_MS, () => this.#poll())
  }

  #pause(): void {
    this.#isPaused = true
    const awayMs = Math.min(AWAY_FIRST_MS * 2 ** (this.#awayInARow - 1), AWAY_MAX_MS)
    this.#later(this.#awayInARow > 0 ? awayMs : PAUSE_MS, () => {
      this.#isPaused = false
      if (this.#isWanted) this.wake()
    })
  }

  async #claimWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      const free = this.#concurrency - this.#attempts.size
      this.#isWanted = false
      // A finished attempt wakes.
      if (free <= 0) return
      try {
        // Those that were refused made room for others.
        this.#isWanted = (await this.#claim(free)) || this.#isWanted
        this.#seeDatabase()
      } catch (error) {
        this.#missDatabase(error)
        return
      }
      if (!this.#isWanted) return
    }
  }

  /** Whether more is likely to be due. */
  async #claim(free: number): Promise<boolean> {
    const { clock, changes, database } = this.#options
    // Half of what is free, for all and for each: the scarcer it gets, the fewer a slow subscription
    // may hold, and the last place is for one that holds none.
    const limit = Math.ceil(free / 2)
    const perSubscription = Math.min(this.#perSubscription, limit)
    const sinceMs = clock.monotonicMs()
    const withoutRetries = this.#retries.exhausted()
    const room = { limit, perSubscription, underWay: this.#underWay, withoutRetries }
    const { toSend, refused } = await claimDeliveries(database, room)
    if (toSend.length > 0) crashAt('delivery.claimed')
    for (const { workspaceId, id, callId } of refused) {
      changes.publish({ topic: 'deliveries', workspaceId, id, callId })
    }
    for (const delivery of toSend) this.#begin({ delivery, sinceMs })
    return refused.length > 0 || toSend.length === limit
  }

  #begin(held: HeldDelivery): void {
    const subscriptionId = held.delivery.subscription.id
    this.#underWay.set(subscriptionId, (this.#underWay.get(subscriptionId) ?? 0) + 1)
    this.#retries.begin(subscriptionId, isRetry(held))
    const attempt = this.#deliver(held).finally(() => {
      this.#attempts.delete(attempt)
      const others = (this.#underWay.get(subscriptionId) ?? 1) - 1
      if (others === 0) this.#underWay.delete(subscriptionId)
      else this.#underWay.set(subscriptionId, others)
      this.wake()
      if (held.delivery.isCoalesced) this.#wakeForNextUpdate(held)
    })
    this.#attempts.add(attempt)
  }

  #wakeForNextUpdate({ sinceMs }: HeldDelivery): void {
    const goneMs = this.#options.clock.monotonicMs() - sinceMs
    if (goneMs < coalescedGapMs) this.#later(coalescedGapMs - goneMs + 10, () => this.wake())
  }

  /** Never rejects. */
  async #deliver(held: HeldDelivery): Promise<void> {
    const { log, clock, changes } = this.#options
    const { id, workspaceId, callId, attempt } = held.delivery
    const fields = { deliveryId: id, subscriptionId: held.delivery.subscription.id, attempt }
    try {
      const startedMs = clock.monotonicMs()
      const startedAt = databaseNow(held, clock)
      const result = await this.#attempt(held)
      crashAt('delivery.sent')
      if (result === null) return log.warn(fields, 'a delivery was left to its lease')
      const durationMs = clock.monotonicMs() - startedMs
      const settlement = this.#settlementOf(held, result, startedAt, durationMs)
      const settled = await this.#whileAway(() => this.#settle(held.delivery, settlement))
      crashAt('delivery.recorded')
      if (settled === null) return log.warn(fields, 'a delivery was no longer ours to record')
      const { status, error, fate } = settlement
      if (fate.kind === 'delivered') {
        this.#retries.succeed(held.delivery.subscription.id, isRetry(held))
      }
      log.info({ ...fields, durationMs, status, error, fate: fate.kind }, 'delivery attempted')
      changes.publish({ topic: 'deliveries', workspaceId, id, callId })
      if (fate.kind === 'gone') this.#subscriptionChanged(held)
      if (settled.notice !== null) announce(changes, settled.notice)
      if (settled.health !== null) await this.#care(held, settled.health)
    } catch (error) {
      log.error({ ...fields, err: error }, 'a delivery was left to its lease')
    }
  }

  #subscriptionChanged({ delivery: { workspaceId, subscription } }: HeldDelivery): void {
    const { changes } = this.#options
    changes.publish({ topic: 'config', workspaceId, id: subscription.id, callId: null })
  }

  /** Warns of an endpoint, or gives it up; what cannot be written now, the next failure writes. */
  async #care(held: HeldDelivery, health: EndpointHealth): Promise<void> {
    const { database, changes, engine, log, clock } = this.#options
    const { workspaceId } = held.delivery
    const { id } = held.delivery.subscription
    const { failuresInRow, failingSince } = health
    const verdict = judgeEndpoint(health, databaseNow(held, clock))
    if (verdict === 'keep' || failingSince === null) return
    const fields = { subscriptionId: id, failuresInRow, failingSince }
    if (verdict === 'warn') {
      const warned = await database.query(
        `update subscriptions set warned_at = now()
         where workspace_id = $1 and id = $2 and warned_at is null and is_enabled returning id`,
        [workspaceId, id],
      )
      if (warned.length === 0) return
      log.warn(fields, 'a webhook has failed for a day')
    } else {
      const reason = endpointDisabledReason(failingSince)
      const notice = await database.transaction((client) =>
        disableSubscription(client, engine, { workspaceId, id, reason }, clock.now()),
      )
      if (notice === null) return
      log.warn(fields, 'a webhook was disabled, after five days of failures')
      announce(changes, notice)
    }
    this.#subscriptionChanged(held)
  }

  /** A code for what could not even be sent; null when the lease, or the database, was lost. */
  async #attempt(held: HeldDelivery): Promise<HttpResult | string | null> {
    const { database, log } = this.#options
    try {
      const ports = { ...this.#options, client: database.pool }
      return await makeAttempt(held, ports, this.#end.signal)
    } catch (error) {
      if (isAway(error)) return null
      log.error({ deliveryId: held.delivery.id, err: error }, 'a delivery could not be prepared')
      return codeOf(error)
    }
  }

  #settlementOf(
    held: HeldDelivery,
    result: HttpResult | string,
    startedAt: Date,
    durationMs: number,
  ): Settlement {
    const isAnswer = typeof result !== 'string' && result.kind === 'answered'
    const times = {
      startedAt,
      durationMs,
      phases: typeof result === 'string' ? null : renderPhases(result.phases),
      answer: isAnswer ? answerText(result.body) : null,
    }
    const verdict =
      typeof result === 'string'
        ? { kind: 'failed' as const, status: null, error: result, retryAfter: undefined }
        : judge(result)
    switch (verdict.kind) {
      case 'delivered':
        return { ...times, fate: { kind: 'delivered' }, status: verdict.status, error: null }
      case 'gone':
        return { ...times, fate: { kind: 'gone' }, status: 410, error: 'gone' }
      case 'held': {
        const delayMs = HELD_MS * (1 + this.#random())
        return { ...times, fate: { kind: 'held', delayMs }, status: null, error: 'throttled' }
      }
      case 'failed': {
        const { status, error, retryAfter } = verdict
        // The exchange ended because we do.
        if (this.#end.signal.aborted) {
          return { ...times, fate: { kind: 'released' }, status, error: 'interrupted' }
        }
        const now = databaseNow(held, this.#options.clock)
        const attempts = held.delivery.attempt - held.delivery.scheduleFrom
        const at = nextAttemptAt({ attempts, now, retryAfter, random: this.#random() })
        if (at === null) return { ...times, fate: { kind: 'dead' }, status, error }
        const fate = { kind: 'again' as const, delayMs: at.getTime() - now.getTime() }
        return { ...times, fate, status, error }
      }
    }
  }

  /** Until the database took it, or our end. */
  async #whileAway<T>(work: () => Promise<T>): Promise<T> {
    for (let waitMs = AWAY_FIRST_MS; ; waitMs = Math.min(waitMs * 2, AWAY_MAX_MS)) {
      try {
        const done = await work()
        this.#seeDatabase()
        return done
      } catch (error) {
        if (!isAway(error) || this.#end.signal.aborted) throw error
      }
      await this.#wait(waitMs)
    }
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.#end
    return new Promise((resolve) => {
      const done = (): void => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = this.#options.clock.setTimer(ms, done)
      signal.addEventListener('abort', done)
    })
  }

  #missDatabase(error: unknown): void {
    this.#isWanted = true
    this.#awayInARow += 1
    if (!isAway(error)) this.#options.log.error({ err: error }, 'deliveries could not be claimed')
    else if (this.#awayInARow === 1) {
      this.#options.log.warn({ err: error }, 'deliveries wait for the database')
    }
  }

  #seeDatabase(): void {
    if (this.#awayInARow > 0) this.#options.log.info({}, 'deliveries go on')
    this.#awayInARow = 0
  }

  /** On a timer that goes with the worker. */
  #later(ms: number, run: () => void): void {
    if (this.#isClosed) return
    const cancel = this.#options.clock.setTimer(ms, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
  }

  #isDoneWithin(work: Promise<void>, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.setTimer(ms, () => resolve(false))
      void work.then(() => {
        cancel()
        resolve(true)
      })
    })
  }
}

const isRetry = ({ delivery }: HeldDelivery): boolean =>
  delivery.attempt - delivery.scheduleFrom > 1

/** A code of our own errors; never their text. */
function codeOf(error: unknown): string {
  const isOurs = (value: unknown): value is BookendError =>
    value instanceof Error && 'retryable' in value && 'code' in value
  return isOurs(error) ? error.code : 'not_prepared'
}
