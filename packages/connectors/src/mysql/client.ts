// The sessions of one connection.
//
// C1. Reads have a pool of their own: a write on the way never keeps a caller waiting.
// C2. A session that is lost while idle is replaced, and its error reaches nobody.
// C3. A server is dialled by the guard of outgoing connections.
// C4. The server gets no file of this machine, and a password only as its hash asks for it.

import type { ClientLife, Effect, ReachPort } from '@bookend/core'
import { createPool, type Pool, type PoolOptions } from 'mysql2'
import { GuardedSocket } from '../net/guarded-socket.ts'
import type { MysqlAuth, MysqlSettings } from './schema.ts'

export interface MysqlClient {
  readonly read: Pool
  readonly write: Pool
  /** Sockets that the server has not let in yet, among others. */
  readonly sockets: ReadonlySet<GuardedSocket>
}

/** Longer than a step may wait: who gave up leaves the session to the next. */
const CONNECT_MS = 5_000
const IDLE_MS = 300_000

export const client: ClientLife<MysqlSettings, MysqlAuth, MysqlClient> = {
  open: (settings, auth, reach) => {
    const sockets = new Set<GuardedSocket>()
    const openPool = (effect: Effect): Pool => {
      const pool = createPool(poolOptions({ settings, auth, reach, sockets }))
      pool.on('connection', (session) => {
        session.on('error', ignore)
        for (const sql of setUp(effect)) {
          // A session that may write where it should not is none.
          session.query(sql, (error) => error !== null && session.destroy())
        }
      })
      return pool
    }
    return { read: openPool('read'), write: openPool('write'), sockets }
  },
  close: async ({ read, write, sockets }) => {
    await Promise.all(
      [read, write].map((pool) => new Promise<void>((resolve) => pool.end(() => resolve()))),
    )
    for (const socket of sockets) socket.destroy()
  },
}

const ignore = (): void => {}

/** Before a session's first statement. */
const setUp = (effect: Effect): readonly string[] => [
  `set session time_zone = '+00:00', session sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')`,
  ...(effect === 'read' ? ['set session transaction read only'] : []),
]

function poolOptions(given: {
  readonly settings: MysqlSettings
  readonly auth: MysqlAuth
  readonly reach: ReachPort
  readonly sockets: Set<GuardedSocket>
}): PoolOptions {
  const { settings, auth, reach, sockets } = given
  const { host, port, database, user, tls, tls_ca: ca } = settings
  return {
    host,
    port,
    database,
    user,
    password: auth?.password ?? '',
    stream: () => {
      // TLS or none is the owner's word here.
      const socket = new GuardedSocket({ reach, isPlain: false })
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      socket.setNoDelay(true)
      return socket.connect(port, host)
    },
    ...(tls
      ? {
          ssl: {
            rejectUnauthorized: true,
            verifyIdentity: true,
            minVersion: 'TLSv1.2',
            ...(ca === undefined ? {} : { ca }),
          },
        }
      : {}),
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    connectionLimit: settings.pool_max,
    maxIdle: 1,
    idleTimeout: IDLE_MS,
    queueLimit: 1_000,
    multipleStatements: false,
    flags: ['-LOCAL_FILES', '-CONNECT_ATTRS'],
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
    enableKeepAlive: false,
  }
}
