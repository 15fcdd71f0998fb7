// A pre-call workflow behind an address of the user's own: answers, or stays silent, as it is told.

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { PreCallRequest, type PreCallAnswer } from '@bookend/contract'

interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly request: PreCallRequest
  readonly answer: (answer: PreCallAnswer) => void
}

export interface Endpoint extends AsyncDisposable {
  readonly url: string
  /** The next question that comes; it stays open until it is answered. */
  asked(): Promise<Asked>
  /** Nobody listens any more: connections are refused. */
  close(): Promise<void>
}

export async function openEndpoint(): Promise<Endpoint> {
  const questions: Asked[] = []
  const listeners: ((asked: Asked) => void)[] = []
  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      const asked: Asked = {
        headers: incoming.headers,
        request: PreCallRequest.parse(JSON.parse(body)),
        answer: (answer) =>
          void response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify(answer)),
      }
      const listener = listeners.shift()
      if (listener === undefined) questions.push(asked)
      else listener(asked)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return {
    url: `http://127.0.0.1:${port}/pre-call?tenant=7`,
    asked: () =>
      new Promise((resolve) => {
        const question = questions.shift()
        if (question === undefined) listeners.push(resolve)
        else resolve(question)
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
