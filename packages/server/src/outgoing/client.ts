// The client through which every request to an address that a user can set is sent.
//
//   send ─▶ URL rule ─▶ header rule ─▶ caps ─▶ lane of (origin, trust) ─▶ exchange ─▶ result
//
// O1. There is always a result, and never an exception, whatever the network or the target does.
// O2. One exchange is one request: nothing is repeated, redirected, cached, or sent by a proxy of
//     the environment's choosing.
// O3. The result's code is all that is told of a failure.
// O4. What waits for its connection to be taken down still counts against the caps: they protect
//     the event loop, which pays for it.

import type { HttpPort, HttpRequest, HttpResult } from '@bookend/core'
import { isIP } from 'node:net'
import type { SecureContext } from 'node:tls'
import { createAddressRule, type OwnAddress } from './address-rule.ts'
import { codeOf } from './codes.ts'
import { createTrust } from './connect.ts'
import { Exchange } from './exchange.ts'
import { findHeaderProblem } from './header-rule.ts'
import { KnownSites, type Site } from './known-sites.ts'
import { HostRate } from './host-rate.ts'
import { LaneCounts, LanePool, type PoolShare } from './lane-pool.ts'
import type { Lane, Origin } from './lane.ts'
import { createReach, type Reach } from './reach.ts'
import { createResolve, systemLookup, type Lookup } from './resolve.ts'
import { Teardown } from './teardown.ts'
import { createUrlRule, hostOf, portOf, type UrlRule, type UrlVerdict } from './url-rule.ts'

export interface OutgoingClient extends HttpPort {
  /** Where connectors may open sockets of their own. */
  readonly reach: Reach
  /** For saving a URL; `send` judges again. */
  judgeUrl(url: string): UrlVerdict
  /** Exchanges under way, and those whose connection is still to be taken down. */
  readonly inFlight: number
  /** Ends what is under way as `throttled`; resolves when every connection is gone. */
  close(): Promise<void>
}

export interface OutgoingClientOptions {
  /** `BOOKEND_ALLOW_PRIVATE_TARGETS` */
  readonly allowPrivateTargets: boolean
  readonly maxInFlight?: number
  /** Over all ports and authorities of a name or address. */
  readonly maxInFlightPerHost?: number
  /** Exchanges begun in a second, sustained; none for literal addresses of the own network. */
  readonly maxPerSecondPerHost?: number
  readonly lookup?: Lookup
  /** Ports that may be dialled; any, if `null` or left out. */
  readonly ports?: readonly number[] | null
  /** Where Bookend itself listens; no request is sent there, whatever else is allowed. */
  readonly ownAddresses?: readonly OwnAddress[]
  /** How long a connection may be used, in milliseconds; at most a minute. */
  readonly keepConnectionMs?: number
}

const inFlightMax = 1_024
const inFlightPerHostMax = 256
const perSecondPerHostMax = 500
const keepConnectionMaxMs = 60_000
const USER_AGENT = 'Bookend'

export function createOutgoingClient(options: OutgoingClientOptions): OutgoingClient {
  return new GuardedClient(options)
}

class GuardedClient implements OutgoingClient {
  readonly judgeUrl: UrlRule
  readonly reach: Reach
  readonly #sites: KnownSites
  readonly #share: PoolShare
  readonly #inFlightMax: number
  readonly #inFlightPerHostMax: number
  readonly #rate: HostRate
  readonly #pools = new Map<string, LanePool>()
  readonly #poolsOfHost = new Map<string, Set<LanePool>>()
  #publicTrust: SecureContext | undefined
  #isClosed = false

  constructor(options: OutgoingClientOptions) {
    const allows = createAddressRule(options)
    this.judgeUrl = createUrlRule({ ...options, allows })
    this.#sites = new KnownSites(this.judgeUrl)
    this.reach = createReach(options)
    this.#inFlightMax = options.maxInFlight ?? inFlightMax
    this.#inFlightPerHostMax = options.maxInFlightPerHost ?? inFlightPerHostMax
    this.#rate = new HostRate(options.maxPerSecondPerHost ?? perSecondPerHostMax)
    this.#share = {
      guard: { allows, resolve: createResolve(options.lookup ?? systemLookup, allows) },
      teardown: new Teardown(),
      keepMs: Math.min(options.keepConnectionMs ?? keepConnectionMaxMs, keepConnectionMaxMs),
      counts: new LaneCounts(),
    }
  }

  get inFlight(): number {
    return this.#share.counts.inFlight
  }

  send(request: HttpRequest): Promise<HttpResult> {
    return new Promise((resolve) => {
      const exchange = new Exchange(request, resolve)
      try {
        this.#begin(exchange)
      } catch (error) {
        exchange.fail(codeOf(error))
      }
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const pool of this.#pools.values()) pool.close()
    await this.#share.teardown.finish()
  }

  #begin(exchange: Exchange): void {
    const { url: text, headers = {}, totalMs, signal, ca } = exchange.request
    const located = this.#sites.locate(text)
    if (!located.ok) return exchange.fail(located.code)
    if (findHeaderProblem(headers) !== null) return exchange.fail('invalid_header')
    if (!(totalMs > 0) || signal?.aborted === true) return exchange.fail('timeout')
    const { site, path } = located
    const lane = this.#take(site, ca)
    if (lane === null) return exchange.fail('throttled')
    exchange.begin(lane)
    lane.run(exchange, { path, headers: wireHeaders(headers) })
  }

  /** `null` over a cap. */
  #take({ url, origin, host }: Site, ca: string | undefined): Lane | null {
    if (this.#isClosed || this.inFlight >= this.#inFlightMax) return null
    if (this.#inFlightOf(host) >= this.#inFlightPerHostMax || !this.#rate.admit(host)) return null
    const key = ca === undefined ? origin : `${origin} ${ca}`
    const pool = this.#pools.get(key) ?? this.#open(key, url, ca)
    return pool.take()
  }

  #inFlightOf(host: string): number {
    let inFlight = 0
    for (const pool of this.#poolsOfHost.get(host) ?? []) inFlight += pool.inFlight
    return inFlight
  }

  #open(key: string, url: URL, ca: string | undefined): LanePool {
    const host = hostOf(url)
    const siblings = this.#poolsOfHost.get(host) ?? new Set()
    const emptied = (): void => {
      this.#pools.delete(key)
      siblings.delete(pool)
      if (siblings.size === 0) this.#poolsOfHost.delete(host)
    }
    const pool = new LanePool(this.#originOf(url, ca), this.#share, emptied)
    this.#pools.set(key, pool)
    this.#poolsOfHost.set(host, siblings.add(pool))
    return pool
  }

  #originOf(url: URL, ca: string | undefined): Origin {
    const hostname = hostOf(url)
    const isSecure = url.protocol === 'https:'
    const secureContext = isSecure ? this.#trust(ca) : null
    const target = { hostname, port: portOf(url), secureContext }
    return { href: url.origin, target, isNamed: isIP(hostname) === 0 }
  }

  #trust(ca: string | undefined): SecureContext {
    if (ca !== undefined) return createTrust(ca)
    this.#publicTrust ??= createTrust(undefined)
    return this.#publicTrust
  }
}

function wireHeaders(headers: Readonly<Record<string, string>>): string[] {
  const wire = ['accept-encoding', 'identity']
  let hasAgent = false
  for (const name of Object.keys(headers)) {
    hasAgent ||= name.length === 10 && name.toLowerCase() === 'user-agent'
    wire.push(name, headers[name] ?? '')
  }
  if (!hasAgent) wire.push('user-agent', USER_AGENT)
  return wire
}
