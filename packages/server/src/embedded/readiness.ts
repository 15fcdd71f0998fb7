// Waits until the server answers, and sees to it that Bookend's database exists.

import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Connection } from './connection.ts'
import { EmbeddedPostgresError, errorCode, externalDatabase } from './error.ts'
import type { ServerProcess } from './server-process.ts'

const pollMs = 10
const silenceMaxMs = 30_000
const recoveryMaxMs = 15 * 60_000
const connectMaxMs = 5_000

type Answer = 'ready' | 'starting' | 'silent'

/**
 * Resolves to false when the process ended instead. A server that has nothing to say for 30 seconds
 * has failed; one that says it is recovering is left to it, since starting again would begin anew.
 */
export async function waitUntilReady(
  server: ServerProcess,
  connection: Connection,
  signal: AbortSignal | undefined,
  log: (message: string) => void,
): Promise<boolean> {
  const startedAtMs = performance.now()
  let silentSinceMs = startedAtMs
  let isToldOf = false
  while (server.exitReason === undefined) {
    signal?.throwIfAborted()
    const answer = await ask(connection)
    if (answer === 'ready') return true
    const nowMs = performance.now()
    if (answer === 'starting') silentSinceMs = nowMs
    if (nowMs - silentSinceMs > silenceMaxMs || nowMs - startedAtMs > recoveryMaxMs) {
      throw new EmbeddedPostgresError(
        'start_failed',
        `PostgreSQL did not become ready on ${connection.host}; see its log, or ${externalDatabase}`,
      )
    }
    if (nowMs - startedAtMs > silenceMaxMs && !isToldOf) {
      log('PostgreSQL is still recovering from the last crash; waiting for it')
      isToldOf = true
    }
    await delay(pollMs, undefined, signal === undefined ? {} : { signal })
  }
  return false
}

/** Asks for Bookend's database, and makes it if a start was killed before it did. */
async function ask(connection: Connection): Promise<Answer> {
  const client = new pg.Client({
    ...connection,
    database: 'postgres',
    connectionTimeoutMillis: connectMaxMs,
  })
  // A server that dies while being asked is noticed by its exit.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { database } = connection
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`)
    return 'ready'
  } catch (error) {
    const code = errorCode(error)
    if (code === '57P03') return 'starting'
    if (error instanceof pg.DatabaseError || code === 'EACCES') throw error
    return 'silent'
  } finally {
    await client.end()
  }
}
