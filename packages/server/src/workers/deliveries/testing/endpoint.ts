import { text } from 'node:stream/consumers'
import { serveHttp } from '../../../outgoing/testing/servers.ts'

export interface Received {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly atMs: number
}

export interface Endpoint extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
  /** The most requests that were unanswered at once. */
  readonly inFlightMax: number
}

/** As much of node's answer as a test writes. */
interface Response {
  writeHead(code: number, headers?: Record<string, string>): Response
  end(body?: string): unknown
}

type Answer = (response: Response, request: Received, count: number) => void

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('{}')

/** A subscriber that writes down what reaches it and answers as told, 200 if nothing is said. */
export async function openEndpoint(answer: Answer = status(200)): Promise<Endpoint> {
  const received: Received[] = []
  let inFlight = 0
  let inFlightMax = 0
  const server = await serveHttp((request, response) => {
    inFlight += 1
    inFlightMax = Math.max(inFlight, inFlightMax)
    response.on('close', () => {
      inFlight -= 1
    })
    void text(request).then((body) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      const record = { headers, body, atMs: performance.now() }
      received.push(record)
      answer(response, record, received.length)
    })
  })
  return {
    url: `${server.url}/hook`,
    received,
    get inFlightMax() {
      return inFlightMax
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
