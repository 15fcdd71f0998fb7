// The sessions of one connection.
//
// C1. Reads have a pool of their own: a write on the way never keeps a caller waiting.
// C2. An `error` of a session never reaches the process, whether idle, in use or thrown away (F13).
// C3. Nothing is taken from the environment: neither password, host nor TLS.
// C4. A server is dialled by the guard of outgoing connections.

import type { ClientLife, ReachPort } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import pg from 'pg'
import { GuardedSocket } from '../net/guarded-socket.ts'
import { parseUrl } from './parse-url.ts'
import type { PostgresAuth, PostgresSettings } from './schema.ts'

export interface PostgresClient {
  readonly read: pg.Pool
  readonly write: pg.Pool
  /** Sessions that the server has not let in yet. */
  readonly opening: ReadonlySet<pg.Client>
}

/** Longer than a step may wait: who gave up leaves the session to the next. */
const CONNECT_MS = 5_000
const IDLE_MS = 300_000
const KEEP_ALIVE_MS = 10_000

export const client: ClientLife<PostgresSettings, PostgresAuth, PostgresClient> = {
  open: (settings, auth, reach) => {
    const opening = new Set<pg.Client>()
    const openPool = (): pg.Pool =>
      new pg.Pool({ ...poolConfig(settings, auth, reach), Client: watchedBy(opening) })
    const [read, write] = [openPool(), openPool()]
    // An idle session that is lost is replaced by the next checkout.
    for (const pool of [read, write]) pool.on('error', ignore)
    return { read, write, opening }
  },
  close: async ({ read, write, opening }) => {
    const ended = Promise.all([read.end(), write.end()])
    // A server that never answers would hold up the end for seconds.
    for (const session of opening) session.connection.stream.destroy()
    await ended
  },
}

/** The action that uses a session learns of its loss from its own query. */
const ignore = (): void => {}

function watchedBy(opening: Set<pg.Client>): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      opening.add(this)
      const leave = (): void => void opening.delete(this)
      this.on('error', ignore).on('connect', leave).on('end', leave)
    }
  }
}

function poolConfig(
  settings: PostgresSettings,
  auth: PostgresAuth,
  reach: ReachPort,
): pg.PoolConfig {
  const parsed = parseUrl(settings.url)
  if (!parsed.ok) throw new ConnectorFault({ kind: 'refused', detail: 'invalid_url' })
  const { host, port, user, database, password, tls } = parsed.value
  const ca = settings.tls_ca
  return {
    // TLS or none is the owner's word here, for a database in the next room often has none.
    stream: () => new GuardedSocket({ reach, isPlain: false }),
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
    sslnegotiation: 'postgres',
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
  }
}
