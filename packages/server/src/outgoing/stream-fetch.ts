// A `fetch` whose answers are read as they come, for the one kind of endpoint that speaks while it
// thinks: a language model. What it may reach is judged exactly as for every other request.
//
// S1. Every connection is opened by `dial`: literals, names, the peer and TLS are judged (C1–C4).
// S2. Nothing is redirected or repeated.

import { Agent, fetch as undiciFetch, type RequestInit as UndiciInit } from 'undici'
import { createAddressRule, type AddressRuleOptions } from './address-rule.ts'
import { createTrust, dial, type DialWatch } from './connect.ts'
import { createResolve, systemLookup, type Lookup } from './resolve.ts'
import { createUrlRule, hostOf, portOf } from './url-rule.ts'

export interface StreamFetch {
  readonly fetch: typeof globalThis.fetch
  close(): Promise<void>
}

/** One exchange each, so as many callers can be answered at once. */
const CONNECTIONS_MAX = 1_024
/** A changed answer of a name server is judged again by then. */
const CONNECTION_MS = 60_000
const IDLE_MS = 10_000

export function createStreamFetch(
  options: AddressRuleOptions & { readonly lookup?: Lookup },
): StreamFetch {
  const allows = createAddressRule(options)
  const judge = createUrlRule({ ...options, allows })
  const guard = { allows, resolve: createResolve(options.lookup ?? systemLookup, allows) }
  const trust = createTrust(undefined)
  const agent = new Agent({
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: CONNECTION_MS,
    clientTtl: CONNECTION_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect({ hostname, port, protocol }, done) {
      const isSecure = protocol === 'https:'
      const url = new URL(`${protocol}//${hostname}${port === '' ? '' : `:${port}`}`)
      const secureContext = isSecure ? trust : null
      const target = { hostname: hostOf(url), port: portOf(url), secureContext }
      dial(target, guard, unwatched, new AbortController().signal).then(
        (socket) => done(null, socket),
        (error: unknown) => done(error as Error, null),
      )
    },
  })
  return {
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : String(input)
      const verdict = judge(url)
      if (!verdict.ok) throw new TypeError(`The address is refused: ${verdict.code}`)
      const given = { ...init, redirect: 'error', dispatcher: agent } as UndiciInit
      return (await undiciFetch(url, given)) as unknown as Response
    },
    close: () => agent.destroy(),
  }
}

const unwatched: DialWatch = {
  resolved: () => undefined,
  connected: () => undefined,
  secured: () => undefined,
}
