// The API as a call needs it, over a real socket: it answers as the test tells it to, and keeps
// what it was sent.

import { once } from 'node:events'
// A server, and no client.
// oxlint-disable-next-line no-restricted-imports
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface FakeRequest {
  readonly route: string
  readonly body: unknown
  readonly authorization: string | undefined
}
type FakeAnswer = {
  readonly status?: number
  readonly body: unknown
  /** Of what is no JSON: sent as it is. */
  readonly type?: string
}
export type FakeRoutes = Readonly<Record<string, (request: FakeRequest) => FakeAnswer>>

export interface FakeApi extends AsyncDisposable {
  readonly url: string
  readonly requests: FakeRequest[]
}

/** @param routes By `POST /calls/inbound`; ids in paths are written `{id}`. */
export async function fakeApi(routes: FakeRoutes): Promise<FakeApi> {
  const requests: FakeRequest[] = []
  const server = createServer((request, response) => {
    answerTo(request, routes, requests).then(
      (answer) => send(response, answer),
      (error: unknown) => send(response, { status: 500, body: String(error) }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () => close(server),
  }
}

async function answerTo(
  request: IncomingMessage,
  routes: FakeRoutes,
  requests: FakeRequest[],
): Promise<FakeAnswer> {
  const path = (request.url ?? '').replace(/^\/api\/v1/, '').replace(/\?.*$/, '')
  const route = `${request.method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{id}')}`
  const sent = await text(request)
  const body: unknown = sent === '' ? null : JSON.parse(sent)
  const { authorization } = request.headers
  const seen = { route, body, authorization }
  requests.push(seen)
  return routes[route]?.(seen) ?? { status: 404, body: { code: 'not_found', detail: route } }
}

function send(response: ServerResponse, { status = 200, body, type }: FakeAnswer): void {
  const text = type === undefined ? JSON.stringify(body) : String(body)
  response.writeHead(status, { 'content-type': type ?? 'application/json' }).end(text)
}

async function close(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}
