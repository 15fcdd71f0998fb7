// Opens the connection of one exchange. No other code in the product dials an address that a user
// can set.
//
//   literal ─▶ judge ─┐
//   name ─▶ look up ─▶ judge every answer ─┴▶ TCP ─▶ judge the peer ─▶ TLS ─▶ undici
//
// C1. Nothing is dialled that was not judged, literals included: Node calls no `lookup` for them.
// C2. The address dialled is the address judged. The name lives on in `Host`, SNI and certificate.
// C3. The peer of the open socket is judged before the first byte, the TLS hello included.
// C4. TLS is 1.2 or later and verified, whatever the environment says.

import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import type { AddressRule } from './address-rule.ts'
import { codeOf, OutgoingFault } from './codes.ts'
import type { Resolve, ResolvedAddress } from './resolve.ts'

export interface DialTarget {
  /** A name, or an address without brackets. */
  readonly hostname: string
  readonly port: number
  /** `null` for plain http. */
  readonly secureContext: SecureContext | null
}

export interface DialGuard {
  readonly resolve: Resolve
  readonly allows: AddressRule
}

/** Hears of each stage as it is passed. */
export interface DialWatch {
  resolved(): void
  connected(): void
  secured(): void
}

/** @param ca PEM to trust instead of the public authorities. */
export function createTrust(ca: string | undefined): SecureContext {
  return createSecureContext({ minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) })
}

/**
 * Aborting `signal` closes the socket, at whatever stage, and later too.
 *
 * @throws {OutgoingFault} Nothing has been written.
 */
export async function dial(
  target: DialTarget,
  guard: DialGuard,
  watch: DialWatch,
  signal: AbortSignal,
): Promise<Socket> {
  try {
    const addresses = await addressesOf(target, guard, watch)
    signal.throwIfAborted()
    const tcp = await openTcp(target, addresses, signal)
    if (!guard.allows(tcp.remoteAddress ?? '', target.port)) {
      tcp.destroy()
      throw new OutgoingFault('blocked')
    }
    watch.connected()
    if (target.secureContext === null) return tcp
    const secured = await openTls(target, target.secureContext, tcp)
    watch.secured()
    return secured
  } catch (error) {
    throw new OutgoingFault(codeOf(error))
  }
}

async function addressesOf(
  { hostname, port }: DialTarget,
  { resolve, allows }: DialGuard,
  watch: DialWatch,
): Promise<readonly ResolvedAddress[]> {
  const family = isIP(hostname)
  if (family === 0) {
    const addresses = await resolve(hostname, port)
    watch.resolved()
    return addresses
  }
  if (!allows(hostname, port)) throw new OutgoingFault('blocked')
  return [{ address: hostname, family }]
}

async function openTcp(
  { hostname, port }: DialTarget,
  addresses: readonly ResolvedAddress[],
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connectTcp({
    host: hostname,
    port,
    signal,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    autoSelectFamily: true,
    lookup: (_hostname, _options, callback) => callback(null, [...addresses]),
  })
  await opening(socket, 'connect')
  return socket
}

async function openTls(
  { hostname }: DialTarget,
  secureContext: SecureContext,
  tcp: Socket,
): Promise<Socket> {
  const socket = connectTls({
    socket: tcp,
    host: hostname,
    servername: isIP(hostname) === 0 ? hostname : '',
    secureContext,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  })
  await opening(socket, 'secureConnect')
  return socket
}

/** The error listener stays, so that a fault between two owners of the socket is never unheard. */
function opening(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve)
    socket.on('error', reject)
    socket.once('close', () => reject(new OutgoingFault('connection_reset')))
  })
}
