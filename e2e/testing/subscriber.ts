// A subscriber as a customer would write it: an HTTP server that checks every delivery's signature
// with the Standard Webhooks library, and keeps what came, by event id.
//
// U1. What does not verify is answered 401 and kept apart; a test expects there to be none.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { EventEnvelope } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { Webhook } from 'standardwebhooks'

interface Received {
  readonly id: string
  readonly event: EventEnvelope
  readonly body: string
}

export interface Subscriber extends AsyncDisposable {
  readonly webhookId: string
  readonly received: readonly Received[]
  readonly refused: readonly string[]
  /** What is answered from now on. */
  answerWith(status: number): void
  /** The first delivery that fits, made already or yet to be made. */
  delivery(type: string, callId: string, withinMs?: number): Promise<Received>
  of(callId: string): readonly Received[]
}

export async function subscribe(client: Client): Promise<Subscriber> {
  const received: Received[] = []
  const refused: string[] = []
  const waiting = new Set<() => void>()
  let verifier: Webhook | null = null
  let status = 204

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      try {
        verifier?.verify(body, request.headers as Record<string, string>)
        const event = EventEnvelope.parse(JSON.parse(body))
        received.push({ id: String(request.headers['webhook-id']), event, body })
        response.writeHead(status).end()
      } catch (error) {
        refused.push(`${String(error)}: ${body}`)
        response.writeHead(401).end()
      }
      waiting.forEach((check) => check())
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const { id } = await client.call('createWebhook', {
    body: { url: `http://127.0.0.1:${port}/hooks`, description: 'The end-to-end test' },
  })
  const { secret } = await client.call('getWebhookSecret', { params: { endpoint_id: id } })
  verifier = new Webhook(secret)

  return {
    webhookId: id,
    received,
    refused,
    answerWith: (next) => void (status = next),
    of: (callId) => received.filter(({ event }) => event.payload.call_id === callId),
    delivery: (type, callId, withinMs = 30_000) =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer)
          waiting.delete(check)
        }
        const check = (): void => {
          const found = received.find(
            ({ event }) => event.event_type === type && event.payload.call_id === callId,
          )
          if (found === undefined) return
          done()
          resolve(found)
        }
        const timer = setTimeout(() => {
          done()
          const types = received.map(({ event }) => event.event_type).join(', ')
          reject(new Error(`No ${type} of ${callId} came; there came: ${types || 'nothing'}`))
        }, withinMs)
        waiting.add(check)
        check()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
