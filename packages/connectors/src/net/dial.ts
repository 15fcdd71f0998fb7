import type { ReachPort } from '@bookend/core'
import { isIP, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { GuardedSocket } from './guarded-socket.ts'

export interface DialOptions {
  readonly reach: ReachPort
  readonly host: string
  readonly port: number
  /** With the certificate and its name checked. */
  readonly tls: boolean
  /** PEM of the authority to trust in place of the public ones. */
  readonly ca?: string | undefined
}

/**
 * A socket on its way to where it may lead, with TLS over it where that is asked for. It is open at
 * `openEvent`; TLS or none is the owner's word here.
 */
export function dial({ reach, host, port, tls, ca }: DialOptions): Socket {
  const socket = new GuardedSocket({ reach, isPlain: false })
  socket.setNoDelay(true)
  socket.connect(port, host)
  if (!tls) return socket
  // Its error comes through the one above it; unheard, it would end the process.
  socket.on('error', () => undefined)
  return connect({
    socket,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(ca === undefined ? {} : { ca }),
  })
}

/** What a socket says when the other side can be talked to. */
export const openEvent = (isTls: boolean): 'secureConnect' | 'connect' =>
  isTls ? 'secureConnect' : 'connect'
