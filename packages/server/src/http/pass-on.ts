// A request that offers to go on in another protocol, as some clients do with every request (h2c).
// Node gives it to whoever listens for upgrades, and no longer reads it as a request: so it is read
// again without the offer, which RFC 9110 lets a server pass over.

import type { FastifyInstance } from 'fastify'
import type { Duplex } from 'node:stream'

type Server = FastifyInstance['server']

interface Offer {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
}

const OFFERS: ReadonlySet<string> = new Set(['upgrade', 'http2-settings'])

export function passOn(server: Server, offer: Offer, stream: Duplex, body: Buffer): void {
  const { method = 'GET', url = '/', httpVersion, rawHeaders } = offer
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = rawHeaders[index + 1] ?? ''
    if (OFFERS.has(name.toLowerCase())) continue
    const isConnection = name.toLowerCase() === 'connection'
    lines.push(`${name}: ${isConnection ? withoutOffers(value) : value}`)
  }
  // A header's bytes were read as Latin-1, and are the same again.
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  stream.unshift(Buffer.concat([head, body]))
  server.emit('connection', stream)
}

const withoutOffers = (value: string): string =>
  value
    .split(',')
    .map((token) => token.trim())
    .filter((token) => !OFFERS.has(token.toLowerCase()))
    .join(', ') || 'keep-alive'
