// Ports for a demo that is stopped and started again on the same ones.
//
// They lie below the range from which systems take the ports of outgoing connections: there, one
// that is let go for a moment may belong to somebody's connection at the next start.

import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

const FIRST = 12_000
const LAST = 32_000

/** Ports of loopback that nobody listens on, all different: each is held until the last is found. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const held = new Map<number, Server>()
  while (held.size < count) {
    const port = randomInt(FIRST, LAST)
    const server = held.has(port) ? null : await listen(port)
    if (server !== null) held.set(port, server)
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')))
  return [...held.keys()]
}

/** Null when the port is taken. */
async function listen(port: number): Promise<Server | null> {
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return server
  } catch {
    return null
  }
}
