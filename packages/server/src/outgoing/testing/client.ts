import type { HttpRequest, HttpResult } from '@bookend/core'
import { createOutgoingClient, type OutgoingClient, type OutgoingClientOptions } from '../client.ts'
import type { Lookup } from '../resolve.ts'

export type TestClient = OutgoingClient & AsyncDisposable

/** A client that may reach loopback, as the setting allows it, and is closed with its scope. */
export function testClient(options: Partial<OutgoingClientOptions> = {}): TestClient {
  const client = createOutgoingClient({ allowPrivateTargets: true, ...options })
  return {
    send: (request) => client.send(request),
    reach: client.reach,
    judgeUrl: (url) => client.judgeUrl(url),
    get inFlight() {
      return client.inFlight
    },
    close: () => client.close(),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

export const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  totalMs: 5_000,
  maxBodyBytes: 65_536,
  ...more,
})

export const post = (url: string, body: string, more: Partial<HttpRequest> = {}): HttpRequest =>
  get(url, { method: 'POST', body, ...more })

/** Answers each name with the addresses it maps to, one list per question, the last one for ever. */
export function scriptedLookup(script: Record<string, readonly (readonly string[])[]>): {
  lookup: Lookup
  asked: string[]
} {
  const asked: string[] = []
  const lookup: Lookup = async (hostname) => {
    const lists = script[hostname] ?? []
    const turn = asked.filter((name) => name === hostname).length
    asked.push(hostname)
    const addresses = lists[Math.min(turn, lists.length - 1)] ?? []
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return { lookup, asked }
}

export const bodyOf = (result: HttpResult): string =>
  result.kind === 'answered' ? Buffer.from(result.body).toString() : `failed: ${result.code}`

/** What a failed exchange tells, without its times. */
export const outcomeOf = (result: HttpResult): string =>
  result.kind === 'answered'
    ? `answered ${result.status}`
    : `${result.code}, ${result.sent ? 'sent' : 'not sent'}`
