// One session, for one action, inside its deadline.
//
//   check out ─▶ statements, pipelined ─▶ commit, for a write ─▶ give back, or throw away
//
// S1. At the deadline the action ends at once, also while it waits for a session (F11).
// S2. A session goes back only when it is known to be idle, outside a transaction and as it was
//     given; any other is closed (F12).
// S3. An answer has at most 1 MiB on the wire; more ends the action and the session.

import type { ActionContext, Effect, FaultVerdict } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import type pg from 'pg'
import { classifyPostgres } from './classify.ts'
import type { Stage } from './classify.ts'
import type { PostgresClient } from './client.ts'
import type { PostgresAuth, PostgresSettings } from './schema.ts'

export type Context = ActionContext<PostgresSettings, PostgresAuth, PostgresClient>
export type Answer = pg.QueryArrayResult<unknown[]>

const ANSWER_BYTES_MAX = 1_048_576

/** @throws {ConnectorFault} Every failure, of the driver's or of `work`'s queries. */
export async function withSession<T>(
  ctx: Context,
  effect: Effect,
  timeoutMs: number,
  work: (session: Session, limitMs: number) => Promise<T>,
): Promise<T> {
  const totalMs = Math.min(timeoutMs, ctx.remainingMs())
  if (ctx.signal.aborted || totalMs <= 0) throw late()
  const endsAtMs = performance.now() + totalMs
  using end = startEnd(ctx.signal, totalMs)
  const client = await checkOut(ctx.client[effect], effect, end.signal)
  const session = new Session(client, effect)
  const leftMs = Math.ceil(endsAtMs - performance.now())
  const limitMs = Math.max(1, Math.min(leftMs, ctx.settings.statement_timeout_ms))
  return await session.run(() => work(session, limitMs), end.signal)
}

export class Session {
  readonly #client: pg.PoolClient
  readonly #effect: Effect
  #stage: Exclude<Stage, 'connecting'> = 'statement'
  #isSpoilt = false

  constructor(client: pg.PoolClient, effect: Effect) {
    this.#client = client
    this.#effect = effect
  }

  /** Sends all before waiting for any; rejects with the first failure when all are answered. */
  async send(queries: readonly pg.QueryArrayConfig[]): Promise<readonly Answer[]> {
    const ends = await Promise.allSettled(
      queries.map((query) => this.#client.query<unknown[]>(query)),
    )
    return ends.map((end) => {
      if (end.status === 'rejected') throw end.reason
      return end.value
    })
  }

  /** Commits, then returns the session to the state it had when it was opened. */
  async commit(): Promise<void> {
    this.#stage = 'commit'
    const [commit, discard] = await Promise.allSettled([
      this.#client.query('commit'),
      this.#client.query('discard all'),
    ])
    if (discard.status === 'rejected') this.#isSpoilt = true
    if (commit.status === 'rejected') throw commit.reason
  }

  /** Runs `work` until it ends or `signal` does, and gives the session back when it may (S2). */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { stream } = this.#client.connection
    let bytesLeft = ANSWER_BYTES_MAX
    return new Promise<T>((resolve, reject) => {
      const giveUp = (verdict: FaultVerdict): void => {
        reject(new ConnectorFault(verdict))
        // What is queued is not sent any more, so no commit follows (E1).
        this.#isSpoilt = true
        stream.destroy()
      }
      const onEnd = (): void =>
        giveUp(this.#stage === 'commit' ? maybeDone(this.#effect, 'deadline') : late().verdict)
      const onData = (chunk: Buffer): void => {
        bytesLeft -= chunk.byteLength
        if (bytesLeft < 0) giveUp({ kind: 'refused', detail: 'answer_too_large' })
      }
      stream.on('data', onData)
      signal.addEventListener('abort', onEnd, { once: true })
      work()
        .then(resolve, (error: unknown) => reject(toFault(error, this.#effect, this.#stage)))
        .finally(() => {
          signal.removeEventListener('abort', onEnd)
          stream.off('data', onData)
          this.#client.release(this.#isSpoilt || this.#client.getTransactionStatus() !== 'I')
        })
      if (signal.aborted) onEnd()
    })
  }
}

/** A session that comes when nobody waits for it any more goes to the next. */
function checkOut(pool: pg.Pool, effect: Effect, signal: AbortSignal): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    let isGone = false
    const leave = (): void => {
      isGone = true
      reject(new ConnectorFault({ kind: 'retry', detail: 'no_session_in_time' }))
    }
    signal.addEventListener('abort', leave, { once: true })
    pool
      .connect()
      .then(
        (client) => (isGone ? client.release() : resolve(client)),
        (error: unknown) => reject(toFault(error, effect, 'connecting')),
      )
      .finally(() => signal.removeEventListener('abort', leave))
  })
}

function startEnd(outer: AbortSignal, limitMs: number): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, limitMs)
  outer.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      outer.removeEventListener('abort', abort)
    },
  }
}

const toFault = (error: unknown, effect: Effect, stage: Stage): ConnectorFault =>
  error instanceof ConnectorFault
    ? error
    : new ConnectorFault(classifyPostgres(error, effect, stage))

const late = (): ConnectorFault => new ConnectorFault({ kind: 'retry', detail: 'deadline' })
