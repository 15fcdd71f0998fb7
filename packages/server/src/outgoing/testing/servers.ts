// Real servers on loopback that answer as a test tells them to, byte by byte if need be.

import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

export interface TestServer extends AsyncDisposable {
  readonly port: number
  /** On 127.0.0.1, plain http. */
  readonly url: string
  /** Connections accepted so far. */
  readonly connections: number
  onConnection(listener: (socket: Socket) => void): void
}

export interface RawServer extends TestServer {
  /** Everything that was received, over all connections. */
  readonly received: string
  /** Resolves when `received` holds `text`. */
  seen(text: string): Promise<void>
}

/** Called with each piece received; `count` is how many request heads its connection has seen. */
export type Talk = (socket: Socket, count: number) => void

/** A server that speaks no protocol but the test's. */
export function serveRaw(talk: Talk): Promise<RawServer> {
  const record = new Record()
  return serveRecorded(createTcpServer(record.accept(talk)), record)
}

export function serveTls(options: TlsOptions, talk: Talk): Promise<RawServer> {
  const record = new Record()
  const server = createTlsServer(options, record.accept(talk))
  server.on('tlsClientError', () => undefined)
  return serveRecorded(server, record)
}

export function serveHttp(listener: RequestListener): Promise<TestServer> {
  return listen(createHttpServer(listener))
}

/** A whole answer with a length. */
export function answer(body: string, status = '200 OK', ...headers: string[]): string {
  return head(status, `content-length: ${Buffer.byteLength(body)}`, ...headers) + body
}

export const head = (status: string, ...headers: string[]): string =>
  [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n')

class Record {
  received = ''
  #waiting: { text: string; resolve: () => void }[] = []

  accept(talk: Talk): (socket: Socket) => void {
    return (socket) => {
      let heads = 0
      socket.on('error', () => socket.destroy())
      socket.on('data', (chunk) => {
        const text = chunk.toString('latin1')
        heads += text.split('\r\n\r\n').length - 1
        this.#add(text)
        talk(socket, heads)
      })
    }
  }

  #add(text: string): void {
    this.received += text
    for (const waiter of this.#waiting) if (this.received.includes(waiter.text)) waiter.resolve()
  }

  seen(text: string): Promise<void> {
    if (this.received.includes(text)) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ text, resolve }))
  }
}

async function serveRecorded(server: Server, record: Record): Promise<RawServer> {
  const listening = await listen(server)
  return {
    port: listening.port,
    url: listening.url,
    get connections() {
      return listening.connections
    },
    get received() {
      return record.received
    },
    seen: (text) => record.seen(text),
    onConnection: (listener) => listening.onConnection(listener),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  }
}

async function listen(server: Server): Promise<TestServer> {
  const open = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    onConnection: (listener) => void server.on('connection', listener),
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      if (server.listening) await once(server.close(), 'close')
    },
  }
}
