// A system of ours in place of a vendor's: real HTTP on loopback, records in memory.
//
//   request ─▶ log ─▶ against the vendor's description ─▶ a fault that waits for it, or the handler
//
// U1. The handler alone changes records, once for each request that it is given.
// U2. What breaks the description is kept as a problem; nothing is refused for it here.

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import { type Fault, playFault, writeAnswer } from './fault.ts'
import type { Description } from './openapi.ts'
import type { VendorAnswer, VendorHandler, VendorRequest } from './vendor-request.ts'

type Matches = (request: VendorRequest) => boolean

export interface FakeVendor extends AsyncDisposable {
  readonly url: string
  /** `https`, and nobody there ever shakes hands: a connection that never opens. */
  readonly deafUrl: string
  readonly requests: readonly VendorRequest[]
  /** Where requests or answers break the vendor's description. */
  readonly problems: readonly string[]
  /** The next request that matches fails so; faults wait in the order in which they were given. */
  failNext(fault: Fault, matches?: Matches): void
  /** Every request fails so until `recover`. */
  failAll(fault: Fault, matches?: Matches): void
  recover(): void
}

export interface FakeVendorOptions {
  readonly handle: VendorHandler
  readonly description?: Description
}

interface Waiting {
  readonly fault: Fault
  readonly matches: Matches
  readonly isKept: boolean
}

export async function openFakeVendor(options: FakeVendorOptions): Promise<FakeVendor> {
  const { handle, description } = options
  const requests: VendorRequest[] = []
  const problems: string[] = []
  let waiting: Waiting[] = []

  const server = createServer((incoming, response) => {
    void read(incoming).then((request) => {
      if (request === null) return
      requests.push(request)
      problems.push(...(description?.judgeRequest(request) ?? []))
      const found = waiting.find(({ matches }) => matches(request))
      if (found === undefined) {
        const given = answerTo(request)
        problems.push(...(description?.judgeAnswer(request, given) ?? []))
        return writeAnswer(response, given)
      }
      if (!found.isKept) waiting = waiting.filter((one) => one !== found)
      const { fault } = found
      return playFault(response, fault, fault.isDone ? answerTo(request) : { status: 200 })
    })
  })
  const answerTo = (request: VendorRequest): VendorAnswer => {
    try {
      return handle(request)
    } catch (error) {
      problems.push(`the fake broke: ${String(error)}`)
      return { status: 500 }
    }
  }
  const deaf = createTcpServer()
  const [url, deafUrl] = await Promise.all([listen(server, 'http'), listen(deaf, 'https')])
  const sockets = new Set<Socket>()
  for (const one of [server, deaf]) {
    one.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    })
  }
  const anyRequest: Matches = () => true
  return {
    url,
    deafUrl,
    requests,
    problems,
    failNext: (fault, matches = anyRequest) => waiting.push({ fault, matches, isKept: false }),
    failAll: (fault, matches = anyRequest) => waiting.push({ fault, matches, isKept: true }),
    recover() {
      waiting = []
    },
    async [Symbol.asyncDispose]() {
      const closed = [server, deaf].map((one) => once(one, 'close'))
      for (const one of [server, deaf]) one.close()
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}

async function listen(server: Server, scheme: string): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Null when the request was not sent to its end. */
async function read(incoming: IncomingMessage): Promise<VendorRequest | null> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
  } catch {
    return null
  }
  const url = new URL(incoming.url ?? '/', 'http://fake')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
  const text = Buffer.concat(chunks).toString()
  const segments = url.pathname.split('/').slice(1).map(decodeURIComponent)
  const { pathname: path, searchParams: query } = url
  const body = parseBody(headers['content-type'] ?? '', text)
  return { method: incoming.method ?? '', path, segments, query, headers, text, body }
}

function parseBody(type: string, text: string): unknown {
  if (text === '') return undefined
  if (type.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(text)
    const valueOf = (name: string): string | readonly string[] => {
      const [first = '', ...more] = form.getAll(name)
      return more.length === 0 ? first : [first, ...more]
    }
    return Object.fromEntries([...form.keys()].map((name) => [name, valueOf(name)]))
  }
  if (!type.includes('json')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
