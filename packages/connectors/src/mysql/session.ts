// One statement, in a session of its own, inside its deadline.
//
//   check out ─▶ limits of this statement ─▶ prepare, execute ─▶ give back, or throw away
//
// S1. At the deadline the action ends at once, also while it waits for a session.
// S2. A session goes back only after its statement was answered; any other is closed.
// S3. An answer has at most 1 MiB on the wire; more ends the action and the session.
// S4. A session that reads cannot write: every transaction in it is read-only.

import type { ActionContext, Effect, FaultVerdict } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import type { FieldPacket, PoolConnection, QueryError, QueryResult } from 'mysql2'
import type { Socket } from 'node:net'
import { classifyMysql } from './classify.ts'
import type { MysqlClient } from './client.ts'
import type { MysqlAuth, MysqlSettings } from './schema.ts'

export type Context = ActionContext<MysqlSettings, MysqlAuth, MysqlClient>

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

export interface Answer {
  readonly result: QueryResult
  readonly fields: readonly FieldPacket[]
}

export interface AskOptions {
  readonly effect: Effect
  readonly timeoutMs: number
  /** The most rows; all that there are, when left out. */
  readonly rowsMax?: number
}

const ANSWER_BYTES_MAX = 1_048_576

/** @throws {ConnectorFault} Every failure, never the driver's own error. */
export async function ask(
  ctx: Context,
  { text, values }: Statement,
  { effect, timeoutMs, rowsMax }: AskOptions,
): Promise<Answer> {
  if (effect === 'write' && ctx.settings.read_only) {
    throw new ConnectorFault({ kind: 'refused', detail: 'read_only_connection' })
  }
  const totalMs = Math.ceil(Math.min(timeoutMs, ctx.remainingMs()))
  if (ctx.signal.aborted || totalMs <= 0) {
    throw new ConnectorFault({ kind: 'retry', detail: 'deadline' })
  }
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(totalMs)])
  const session = await checkOut(ctx, effect, signal)
  const { stream } = session as unknown as { readonly stream: Socket }
  let bytesLeft = ANSWER_BYTES_MAX
  let isSent = false
  let isSpoilt = true
  const { promise, resolve, reject } = withResolvers<Answer>()
  const giveUp = (verdict: FaultVerdict): void => {
    reject(new ConnectorFault(verdict))
    session.destroy()
  }
  const onEnd = (): void =>
    giveUp(isSent ? maybeDone(effect, 'deadline') : { kind: 'retry', detail: 'deadline' })
  const onData = (chunk: Buffer): void => {
    bytesLeft -= chunk.byteLength
    if (bytesLeft >= 0) return
    giveUp(effect === 'read' ? TOO_LARGE : maybeDone(effect, TOO_LARGE.detail))
  }
  const onClose = (): void => reject(new Error('closed'))
  stream.on('data', onData)
  stream.on('close', onClose)
  signal.addEventListener('abort', onEnd, { once: true })
  const limitMs = Math.max(1, Math.min(totalMs, ctx.settings.statement_timeout_ms))
  session.query(renderLimits(session, limitMs, rowsMax), (failed) => {
    if (failed !== null) return reject(failed)
    isSent = true
    session.execute(text, values as string[], (error: QueryError | null, result, fields) => {
      isSpoilt = error?.fatal === true
      if (error === null) resolve({ result, fields: fields ?? [] })
      else reject(error)
    })
  })
  if (signal.aborted) onEnd()
  try {
    return await promise
  } catch (error) {
    if (error instanceof ConnectorFault) throw error
    throw new ConnectorFault(classifyMysql(error, isSent ? effect : 'read', 'statement'))
  } finally {
    signal.removeEventListener('abort', onEnd)
    stream.off('data', onData)
    stream.off('close', onClose)
    if (isSpoilt) session.destroy()
    else session.release()
  }
}

const TOO_LARGE = { kind: 'refused', detail: 'answer_too_large' } as const

/** The two servers have different words, and seconds or milliseconds, for the same. */
function renderLimits(session: PoolConnection, limitMs: number, rowsMax?: number): string {
  const { _handshakePacket: hello } = session as unknown as {
    readonly _handshakePacket?: { readonly serverVersion?: string }
  }
  const isMariadb = /mariadb/i.test(hello?.serverVersion ?? '')
  const time = isMariadb
    ? `session max_statement_time = ${limitMs / 1_000}`
    : `session max_execution_time = ${limitMs}`
  return `set ${time}, session sql_select_limit = ${rowsMax ?? 'default'}`
}

/** A session that comes when nobody waits for it any more goes to the next. */
function checkOut(ctx: Context, effect: Effect, signal: AbortSignal): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    let isGone = false
    const leave = (): void => {
      isGone = true
      reject(new ConnectorFault({ kind: 'retry', detail: 'no_session_in_time' }))
    }
    signal.addEventListener('abort', leave, { once: true })
    ctx.client[effect].getConnection((error, session) => {
      signal.removeEventListener('abort', leave)
      if (error !== null) {
        if (!(error instanceof ConnectorFault)) {
          reject(new ConnectorFault(classifyMysql(error, effect, 'connecting')))
        } else reject(error)
      } else if (isGone) session.release()
      else resolve(session)
    })
  })
}

interface Resolvers<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

function withResolvers<T>(): Resolvers<T> {
  let [resolve, reject]: [(value: T) => void, (error: unknown) => void] = [() => {}, () => {}]
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
