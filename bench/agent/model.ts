// A language model that streams words at a steady pace and knows when each answer's first word left.

import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface Model extends AsyncDisposable {
  readonly baseUrl: string
  /** By what the caller said, when the first word of the answer was written. */
  readonly leftAtMs: Map<string, number>
}

const THINKS_MS = 200

export async function startModel(words: number, everyMs: number): Promise<Model> {
  const leftAtMs = new Map<string, number>()
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const { messages } = JSON.parse(text) as { messages: { content: string }[] }
      const said = messages.at(-1)?.content ?? ''
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const write = (delta: object, reason: string | null): void => {
        const choices = [{ index: 0, delta, finish_reason: reason }]
        const chunk = { id: 'c', object: 'chat.completion.chunk', created: 0, model: 'm', choices }
        response.write(`data: ${JSON.stringify(chunk)}\n\n`)
      }
      let count = 0
      const next = (): void => {
        if (response.destroyed) return
        if (count === 0) leftAtMs.set(said, performance.now())
        count += 1
        write({ content: 'word ' }, null)
        if (count < words) return void setTimeout(next, everyMs)
        write({}, 'stop')
        response.end('data: [DONE]\n\n')
      }
      setTimeout(next, THINKS_MS)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    leftAtMs,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
