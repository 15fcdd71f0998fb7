// The oracle's second list: what a subscriber has heard, by event id, raw sends and effects apart.
//
// K1. Every send must carry the same words under its id, but for the number of the attempt.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface Heard {
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
  sends: number
}

export interface Sink extends AsyncDisposable {
  readonly url: string
  /** By event id: one effect each, however often it was sent. */
  readonly heard: ReadonlyMap<string, Heard>
  /** Ids that came with other words the second time. */
  readonly changed: readonly string[]
}

export async function openSink(): Promise<Sink> {
  const heard = new Map<string, Heard>()
  const changed: string[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const id = String(request.headers['webhook-id'])
      const { event_type: type, payload } = JSON.parse(body) as {
        event_type: string
        payload: Record<string, unknown>
      }
      const { attempt: _, ...rest } = payload
      const before = heard.get(id)
      if (before === undefined) heard.set(id, { type, payload: rest, sends: 1 })
      else {
        before.sends += 1
        if (JSON.stringify(before.payload) !== JSON.stringify(rest)) changed.push(id)
      }
      response.writeHead(204).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    heard,
    changed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
