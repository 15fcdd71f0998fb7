// The ticket desk: a small HTTP service of the kind that every practice has somewhere.
//
//   request ─▶ token ─▶ knobs (late, failing) ─▶ route ─▶ tickets ─▶ JSON
//
// The knobs let a person see what a slow or failing desk costs a caller. They hold for tickets alone,
// so that they can always be turned back.

import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { z } from 'zod'
import { HOST } from '../places.ts'
import { DeskProblem, readJson } from './desk-json.ts'
import {
  addComment,
  CommentBody,
  findTicket,
  listTickets,
  putTicket,
  TicketBody,
  TicketQuery,
} from './tickets.ts'

const Knobs = z.strictObject({
  delayMs: z.number().int().min(0).max(60_000).default(0),
  failWith: z.number().int().min(400).max(599).nullable().default(null),
})
const TicketId = z.coerce.number().int().min(1).max(2_147_483_647)

export interface DeskOptions {
  readonly pool: pg.Pool
  readonly port: number
  readonly token: string
}

export interface Desk extends AsyncDisposable {
  readonly url: string
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

export async function startDesk({ pool, port, token }: DeskOptions): Promise<Desk> {
  const closing = new AbortController()
  let knobs = Knobs.parse({})

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${token}`) {
      throw new DeskProblem(401, 'unauthorized', 'Send the desk’s token: Authorization: Bearer …')
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://desk')
    const [noun, id, part, ...more] = pathname.split('/').slice(1).map(decode)
    const route = `${request.method} /${noun}${id === undefined ? '' : '/{id}'}${part === undefined ? '' : `/${part}`}`
    if (more.length > 0) throw notFound()
    if (route === 'GET /knobs') return { status: 200, body: knobs }
    if (route === 'PUT /knobs') {
      knobs = await readJson(request, Knobs)
      return { status: 200, body: knobs }
    }
    const { delayMs, failWith } = knobs
    if (delayMs > 0) await delay(delayMs, undefined, { signal: closing.signal })
    if (failWith !== null) throw new DeskProblem(failWith, 'knob', 'The desk was told to fail')
    switch (route) {
      case 'GET /tickets': {
        const query = TicketQuery.safeParse(Object.fromEntries(searchParams))
        if (!query.success) throw DeskProblem.of(query.error)
        return { status: 200, body: { tickets: await listTickets(pool, query.data) } }
      }
      case 'GET /tickets/{id}': {
        const ticket = await findTicket(pool, parseId(id))
        if (ticket === null) throw notFound()
        return { status: 200, body: ticket }
      }
      case 'PUT /tickets/{id}': {
        const body = await readJson(request, TicketBody)
        const { ticket, isNew } = await putTicket(pool, parseExternalId(id), body)
        return { status: isNew ? 201 : 200, body: ticket }
      }
      case 'POST /tickets/{id}/comments': {
        const { text } = await readJson(request, CommentBody)
        const key = request.headers['idempotency-key']
        const comment = await addComment(pool, parseId(id), text, key?.toString() ?? null)
        if (comment === null) throw notFound()
        return { status: 201, body: comment }
      }
      default:
        throw notFound()
    }
  }

  const server = createServer((request, response) => {
    void answer(request)
      .catch((error: unknown) => DeskProblem.from(error).answer)
      .then((result) => send(request, response, result))
  })
  await listen(server, port)
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${HOST}:${actual}`,
    async [Symbol.asyncDispose]() {
      closing.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, HOST)
  await once(server, 'listening')
}

function send(request: IncomingMessage, response: ServerResponse, { status, body }: Answer): void {
  // A body left unread would be taken for the next request on this connection.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}

const notFound = () => new DeskProblem(404, 'not_found', 'There is nothing at this address')

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw notFound()
  }
}

function parseId(text: string | undefined): number {
  const { success, data } = TicketId.safeParse(text)
  if (!success) throw notFound()
  return data
}

function parseExternalId(text = ''): string {
  if (/^[\w:.-]{1,200}$/.test(text)) return text
  throw new DeskProblem(422, 'invalid', 'An external id is 1 to 200 letters, digits, _ : . or -')
}
