import { GuardedSocket, type GuardedSocketOptions } from '../net/guarded-socket.ts'

export interface OpenSocketOptions extends GuardedSocketOptions {
  readonly host: string
  readonly port: number
  readonly withinMs: number
  readonly signal: AbortSignal
}

/**
 * A connection to where it may lead, and nothing said on it yet. It ends with `signal`.
 *
 * @throws {ConnectorFault} It may not be had.
 */
export function openSocket(options: OpenSocketOptions): Promise<GuardedSocket> {
  const { host, port, withinMs, signal } = options
  return new Promise((resolve, reject) => {
    const socket = new GuardedSocket(options)
    const stop = (): void => void socket.destroy(new Error('not connected in time'))
    const timer = setTimeout(stop, withinMs)
    // The listener stays: a fault between two owners of the socket is never unheard.
    socket.on('error', reject)
    socket.once('close', () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      reject(new Error('the connection was closed'))
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      if (!socket.destroyed) resolve(socket)
    })
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    socket.connect(port, host)
  })
}
