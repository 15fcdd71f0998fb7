// The one pool of connections to PostgreSQL.
//
// D1. No client without an `error` listener, idle or in use: a reset connection ends no process (F13).
// D2. Nobody waits for a connection for ever. While all are taken, the caller hears after 450 ms that
//     the database is away; while a new one is made, after 2 s (F11).
// D3. A statement that takes too long is given up on, with its connection (F12).

import { BookendError } from '@bookend/core'
import pg from 'pg'
import { prepared } from './prepared.ts'

/** The database could not be reached, or asked to come again. */
export class DatabaseAwayError extends BookendError {
  override readonly name = 'DatabaseAwayError'
  readonly code = 'database_away'
  readonly retryable = true
}

export type Queryable = Pick<pg.ClientBase, 'query'>

export interface Database {
  readonly pool: pg.Pool
  /**
   * Runs `work` in one transaction, again in a fresh one when the database asks for that (F10).
   *
   * @throws {DatabaseAwayError} It cannot be reached; the transaction may or may not have committed.
   */
  readonly transaction: <T>(work: (client: pg.PoolClient) => Promise<T>) => Promise<T>
  /**
   * The same for statements that find every row by its key and are prepared: a plan that was made
   * while a table was small must not read the whole table once it is large.
   */
  readonly keyedTransaction: <T>(work: (client: pg.PoolClient) => Promise<T>) => Promise<T>
  /** @throws {DatabaseAwayError} */
  readonly query: <R extends pg.QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
  ) => Promise<R[]>
  readonly close: () => Promise<void>
}

const CONNECT_MS = 2_000
const TURN_MS = 450
const STATEMENT_MS = 15_000
const TRIES = 4
/** Serialisation failure, deadlock. */
const AGAIN = new Set(['40001', '40P01'])
/** Read only, shutting down, starting up, too many connections, disk full. */
const AWAY = /^(25006|57P0[1-3]|53\d{3}|08\d{3})$/
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EAGAIN'])

/** One round trip; the settings end with the transaction. */
const BEGIN_KEYED = `begin; set local enable_seqscan = off; set local enable_hashjoin = off;
  set local enable_mergejoin = off`

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Of a connection whose every statement finds its rows by key, and is prepared (see `prepared.ts`). */
const KEYED =
  '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan'

export interface DatabaseOptions {
  readonly connections?: number
  readonly statementMs?: number
  /** `query` prepares what it is given: a fixed text each, that finds its rows by key. */
  readonly isKeyed?: boolean
}

export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { connections = 20, statementMs = STATEMENT_MS, isKeyed = false } = options
  const pool = new GuardedPool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: statementMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs,
    keepAlive: true,
    options: `-c search_path=bookend${isKeyed ? ` ${KEYED}` : ''}`,
    application_name: 'bookend',
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))

  async function attempt<T>(
    begin: string,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query(begin)
      const result = await work(client)
      await client.query('commit')
      return result
    } catch (error) {
      broken = isAway(error) ? asError(error) : await rollBack(client)
      throw error
    } finally {
      client.release(broken)
    }
  }

  async function inTransaction<T>(
    begin: string,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await attempt(begin, work)
      } catch (error) {
        if (!AGAIN.has(sqlState(error)) || tried === TRIES) throw explain(error)
      }
    }
  }

  return {
    pool,
    transaction: (work) => inTransaction('begin', work),
    keyedTransaction: (work) => inTransaction(BEGIN_KEYED, work),
    async query(sql, values = []) {
      try {
        return (
          await pool.query(isKeyed ? prepared(sql, values) : { text: sql, values: [...values] })
        ).rows
      } catch (error) {
        throw explain(error)
      }
    },
    close: () => pool.end(),
  }
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: Error | boolean) => void,
) => void

/** Whoever gets no connection is told that the database is away, whatever it said in refusing. */
class GuardedPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>
  override connect(connected: Connected): void
  override connect(connected?: Connected): Promise<pg.PoolClient> | void {
    if (connected === undefined) {
      return new Promise((resolve, reject) => {
        this.connect((error, client) => {
          if (client === undefined) reject(error ?? away('no connection'))
          else resolve(client)
        })
      })
    }
    const areTaken = this.idleCount === 0 && this.totalCount >= (this.options.max ?? 0)
    let isLate = false
    const timer = areTaken
      ? setTimeout(() => {
          isLate = true
          connected(away(new Error('All connections are taken')), undefined, () => undefined)
        }, TURN_MS)
      : undefined
    super.connect((error, client, done) => {
      clearTimeout(timer)
      // Whoever waited has gone; the next one gets it.
      if (isLate) return client === undefined ? undefined : done()
      connected(error instanceof Error ? away(error) : undefined, client, done)
    })
  }
}

const away = (cause: unknown): DatabaseAwayError =>
  new DatabaseAwayError('The database cannot be reached', { cause })

async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return asError(error)
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error('lost'))

export function sqlState(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAwayError) return true
  const code = sqlState(error)
  if (AWAY.test(code) || AWAY_CODES.has(code)) return true
  return error instanceof Error && code === '' && AWAY_TEXT.test(error.message)
}

/** The driver gives these no code. */
const AWAY_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/

const explain = (error: unknown): unknown =>
  isAway(error) && !(error instanceof DatabaseAwayError) ? away(error) : error
