// An endpoint of a subscriber that answers every delivery in the same way.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Receiver extends AsyncDisposable {
  readonly url: string
}

interface Answer {
  readonly status: number
  readonly body: string
}

export async function openReceiver({ status, body }: Answer): Promise<Receiver> {
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'text/html' }).end(body)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/events`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
