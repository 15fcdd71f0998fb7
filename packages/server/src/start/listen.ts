// Where the server is reached: taking an address, naming it, and letting go of it.

import { BookendError } from '@bookend/core'
import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Config } from '../config/config.ts'
import { systemClock as clock } from '../system-clock.ts'

/** Less than the ten seconds in which a stop is over. */
const CLOSE_MS = 8_500

/** Waits for the requests under way, and cuts off whoever does not come to an end. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const cancel = clock.setTimer(CLOSE_MS, () => app.server.closeAllConnections())
  await app.close()
  cancel()
}

/**
 * Answers the address as a URL.
 *
 * @throws {ListenError} The address cannot be had; the message is for the person who started it.
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<string> {
  try {
    await app.listen({ host, port })
    return urlOf(app.server.address(), host)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    if (code === 'EADDRINUSE') {
      throw new ListenError(`Port ${port} is taken; set PORT to another one, or 0 for any`, {
        cause,
      })
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
      throw new ListenError(`Bookend cannot listen on ${host}:${port} (${String(code)})`, { cause })
    }
    throw cause
  }
}

/** The address it is to listen on cannot be had. */
class ListenError extends BookendError {
  override readonly name = 'ListenError'
  readonly code = 'cannot_listen'
  readonly retryable = false
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}
