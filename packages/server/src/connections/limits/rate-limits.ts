// The rate limits of the systems that this process talks to, each as one account sees it.
//
//   action ─▶ admit ─▶ sent ─▶ headers ─▶ saw
//                └─ too soon: a caller's step fails at once, a journey's is parked
//   refused with 429 ─▶ blocked ─▶ told to the other processes
//
// L1. A caller waits for a turn no longer than a fifth of a second, and a tenth of what is left.
// L2. A journey's step waits in the queue and holds no worker.
// L3. What a system said survives a restart and is heard by every process, within a second; what is
//     only assumed of it each process counts for itself.
// L4. The database is never waited for: without it the limits are those of this process.

import type { Clock, ConnectorLog, HttpResult } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import type { RateLimitRow } from '../../store/postgres/rate-limits.ts'
import type { AnyAction, AnyConnector } from '../configured.ts'
import { Bucket, type Lane } from './bucket.ts'

const CALLER_WAIT_MAX_MS = 200
const CALLER_WAIT_SHARE = 0.1
/** A refusal that named no time. */
const UNNAMED_MS = 1_000
const TELL_EVERY_MS = 250
const HEAR_EVERY_MS = 1_000
/** Nobody hears for an account that nobody has used for so long. */
const IDLE_MS = 60_000

export interface RateLimitStore {
  load(): Promise<readonly RateLimitRow[]>
  save(rows: readonly RateLimitRow[]): Promise<void>
}

export interface RateLimitsOptions {
  readonly clock: Clock
  readonly log: ConnectorLog
  /** Without it nothing is told or heard. */
  readonly store?: RateLimitStore
}

export interface Asking {
  /** Tells accounts apart. */
  readonly account: string
  readonly connector: AnyConnector
  readonly action: AnyAction
}

const bucketOf = ({ bucket = 'default' }: AnyAction): string => bucket

export class RateLimits {
  readonly #options: RateLimitsOptions
  readonly #accounts = new Map<string, Map<string, Bucket>>()
  readonly #changed = new Map<string, { account: string; bucket: string }>()
  #cancelTell: (() => void) | null = null
  #cancelHear: (() => void) | null = null
  #telling: Promise<void> = Promise.resolve()
  #usedAtMs = Number.NEGATIVE_INFINITY
  #isClosed = false

  constructor(options: RateLimitsOptions) {
    this.#options = options
  }

  /** What was known before this process; without the database nothing (L4). */
  async open(): Promise<void> {
    await this.#hear()
  }

  /**
   * Null: it may be sent at once. A promise: after so short a wait.
   *
   * @throws {ConnectorFault} `limited`: not now.
   */
  admit(asking: Asking, lane: Lane, leftMs: number): Promise<void> | null {
    const { account, connector, action } = asking
    if (connector.buckets === undefined && !this.#accounts.has(account)) return null
    const { clock } = this.#options
    this.#listen()
    const name = bucketOf(action)
    const bucket = this.#bucket(account, name, connector)
    const now = clock.now()
    const nowMs = clock.monotonicMs()
    const waitMs = bucket.waitMs(lane, now, nowMs)
    const patienceMs =
      lane === 'journey' ? 0 : Math.min(CALLER_WAIT_MAX_MS, leftMs * CALLER_WAIT_SHARE)
    if (waitMs > patienceMs) {
      const turnMs = lane === 'journey' ? bucket.turnMs(waitMs, nowMs) : waitMs
      const until = new Date(now.getTime() + turnMs)
      throw new ConnectorFault({ kind: 'limited', detail: 'rate_limited', until, bucket: name })
    }
    // The turn is taken before the wait, so that the next one waits behind it.
    bucket.take(nowMs)
    return waitMs === 0 ? null : new Promise((resolve) => clock.setTimer(waitMs, () => resolve()))
  }

  saw({ account, connector, action }: Asking, result: HttpResult): void {
    if (connector.readLimits === undefined || result.kind !== 'answered') return
    const { clock } = this.#options
    const { status, headers } = result
    for (const seen of connector.readLimits({ status, headers, now: clock.now() })) {
      const name = seen.bucket ?? bucketOf(action)
      this.#bucket(account, name, connector).saw(seen, clock.monotonicMs())
      this.#tell(account, name)
    }
  }

  /** How an action ended; only a refusal of the system itself is remembered. */
  ended({ account, connector, action }: Asking, { verdict }: ConnectorFault): void {
    if (verdict.kind !== 'limited' || verdict.detail === 'rate_limited') return
    const { clock } = this.#options
    const name = verdict.bucket ?? bucketOf(action)
    const until = verdict.until ?? new Date(clock.now().getTime() + UNNAMED_MS)
    this.#bucket(account, name, connector).block(until)
    this.#listen()
    this.#tell(account, name)
  }

  /** What is known of an account, for its owner to see. */
  list(account: string): readonly RateLimitRow[] {
    const now = this.#options.clock.now()
    return [...(this.#accounts.get(account) ?? [])]
      .map(([bucket, { state }]) => ({
        account,
        bucket,
        quota: state.quota,
        remaining: state.remaining,
        reset_at: state.resetAt,
        blocked_until:
          state.blockedUntil !== null && state.blockedUntil > now ? state.blockedUntil : null,
      }))
      .filter(({ remaining, blocked_until }) => remaining !== null || blocked_until !== null)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTell?.()
    this.#cancelHear?.()
    await this.#telling
    await this.#flush()
  }

  #bucket(account: string, name: string, connector?: AnyConnector): Bucket {
    const buckets = this.#accounts.get(account) ?? new Map<string, Bucket>()
    this.#accounts.set(account, buckets)
    const known = buckets.get(name)
    if (known !== undefined) return known
    const rule = connector?.buckets?.[name] ?? null
    const made = new Bucket(rule, this.#options.clock.monotonicMs())
    buckets.set(name, made)
    return made
  }

  #tell(account: string, bucket: string): void {
    if (this.#options.store === undefined) return
    this.#changed.set(`${account} ${bucket}`, { account, bucket })
    this.#cancelTell ??= this.#options.clock.setTimer(TELL_EVERY_MS, () => {
      this.#cancelTell = null
      this.#telling = this.#flush()
    })
  }

  async #flush(): Promise<void> {
    const { store, log } = this.#options
    const rows = [...this.#changed.values()].map(({ account, bucket }) => {
      const { state } = this.#bucket(account, bucket)
      return {
        account,
        bucket,
        quota: state.quota,
        remaining: state.remaining,
        reset_at: state.resetAt,
        blocked_until: state.blockedUntil,
      }
    })
    this.#changed.clear()
    if (store === undefined || rows.length === 0) return
    await store.save(rows).catch((error: unknown) => {
      log.warn({ type: nameOf(error) }, 'rate limits could not be told to other processes')
    })
  }

  /** While accounts are in use, what other processes were told is heard. */
  #listen(): void {
    const { clock, store } = this.#options
    this.#usedAtMs = clock.monotonicMs()
    if (store === undefined || this.#isClosed || this.#cancelHear !== null) return
    this.#cancelHear = clock.setTimer(HEAR_EVERY_MS, () => {
      void this.#hear().then(() => {
        this.#cancelHear = null
        if (clock.monotonicMs() - this.#usedAtMs < IDLE_MS && !this.#isClosed) this.#again()
      })
    })
  }

  #again(): void {
    const usedAtMs = this.#usedAtMs
    this.#listen()
    this.#usedAtMs = usedAtMs
  }

  async #hear(): Promise<void> {
    const { store, log, clock } = this.#options
    if (store === undefined) return
    try {
      for (const row of await store.load()) this.#merge(row, clock.now())
    } catch (error) {
      log.warn({ type: nameOf(error) }, 'rate limits of other processes could not be read')
    }
  }

  #merge(row: RateLimitRow, now: Date): void {
    const bucket = this.#bucket(row.account, row.bucket)
    if (row.blocked_until !== null) bucket.block(row.blocked_until)
    const { state } = bucket
    const isNews = row.reset_at !== null && row.reset_at > (state.resetAt ?? now)
    const isLess = row.remaining !== null && row.remaining < (state.remaining ?? Infinity)
    if (!isNews && !(isLess && row.reset_at?.getTime() === state.resetAt?.getTime())) return
    state.quota = row.quota ?? state.quota
    state.remaining = row.remaining
    state.resetAt = row.reset_at
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
