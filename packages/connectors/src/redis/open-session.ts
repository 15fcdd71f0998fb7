import type { ReachPort } from '@bookend/core'
import { AbstractConnector, Redis } from 'ioredis'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { dial, openEvent } from '../net/dial.ts'
import type { RedisAuth, RedisSettings } from './schema.ts'

export interface SessionOptions {
  readonly settings: RedisSettings
  readonly auth: RedisAuth
  readonly reach: ReachPort
  /** Ends the session, also while it opens. */
  readonly closed: AbortSignal
}

export interface Session {
  readonly redis: Redis
  readonly socket: Socket
}

const OPEN_MS = 5_000

/**
 * A session that is let in, in its database. The library neither dials nor repeats anything.
 *
 * @throws Whatever the socket, TLS or the server said; the socket is closed.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { settings, auth, reach, closed } = options
  const { host, port, tls, tls_ca: ca, database } = settings
  const socket = dial({ reach, host, port, tls, ca })
  const timer = setTimeout(() => socket.destroy(new Error('not open in time')), OPEN_MS)
  const close = (): void => void socket.destroy(new Error('closed'))
  closed.addEventListener('abort', close, { once: true })
  socket.once('close', () => closed.removeEventListener('abort', close))
  if (closed.aborted) close()
  try {
    await once(socket, openEvent(tls))
    // Heard by everyone who waits for a reply as the end of the session.
    socket.on('error', ignore)
    const redis = overSocket(socket)
    await redis.connect()
    if (auth !== null) await redis.call('AUTH', auth.user, auth.password)
    if (database !== 0) await redis.call('SELECT', database)
    return { redis, socket }
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function overSocket(socket: Socket): Redis {
  class Connector extends AbstractConnector {
    constructor() {
      super(0)
    }

    override connect(): Promise<Socket> {
      this.stream = socket
      return Promise.resolve(socket)
    }
  }
  const redis = new Redis({
    Connector,
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
  })
  redis.on('error', ignore)
  return redis
}

const ignore = (): void => {}
