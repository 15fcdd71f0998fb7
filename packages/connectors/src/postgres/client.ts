// The sessions of one connection.
//
// C1. Reads have a pool of their own: a write on the way never keeps a caller waiting.
// C2. An `error` of a session never reaches the process, whether idle, in use or thrown away (F13).
// C3. Nothing is taken from the environment: neither password, host nor TLS.

import type { ClientLife } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import pg from 'pg'
import { parseUrl } from './parse-url.ts'
import type { PostgresAuth, PostgresSettings } from './schema.ts'

export interface PostgresClient {
  readonly read: pg.Pool
  readonly write: pg.Pool
}

/** Longer than a step may wait: who gave up leaves the session to the next. */
const CONNECT_MS = 5_000
const IDLE_MS = 300_000
const KEEP_ALIVE_MS = 10_000

export const client: ClientLife<PostgresSettings, PostgresAuth, PostgresClient> = {
  open: (settings, auth) => ({ read: openPool(settings, auth), write: openPool(settings, auth) }),
  close: async ({ read, write }) => {
    await Promise.all([read.end(), write.end()])
  },
}

function openPool(settings: PostgresSettings, auth: PostgresAuth): pg.Pool {
  const parsed = parseUrl(settings.url)
  if (!parsed.ok) throw new ConnectorFault({ kind: 'refused', detail: 'invalid_url' })
  const { host, port, user, database, password, tls } = parsed.value
  const ca = settings.tls_ca
  const pool = new pg.Pool({
    host,
    port,
    user,
    database,
    // A function, since for an empty password the driver looks into the environment.
    password: () => {
      const secret = auth?.password ?? password
      if (secret === null) throw new ConnectorFault({ kind: 'auth', detail: 'password_missing' })
      return secret
    },
    ssl: tls && (ca === undefined ? true : { ca }),
    application_name: 'bookend',
    // Several statements in one round trip.
    pipeline: true,
    max: settings.pool_max,
    // One stays open: the next caller does not wait for a handshake.
    min: 1,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  })
  // The action that has the session fails on its own, and an idle session is replaced.
  const ignore = (): void => {}
  pool.on('error', ignore)
  pool.on('connect', (session) => session.on('error', ignore))
  return pool
}
