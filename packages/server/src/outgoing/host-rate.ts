// How often one host may be asked, whoever asks it (threat A18). Many agents, subscriptions and ports
// that name the same host share its rate, so that nobody can make Bookend hammer a third party.
//
// H1. What is over the rate is answered at once, as our own doing: it waits for nothing.
// H2. A host is a name or an address, without its port. The rate is for other people's hosts: a literal
//     address of the own network has none.
// H3. So many hosts are remembered, and no more; the one seen first goes first.

import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

interface HostState {
  tokens: number
  seenAtMs: number
}

const HOSTS_MAX = 20_000
const OWN_NETWORK: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal'])

export class HostRate {
  readonly #perSecond: number
  readonly #burst: number
  readonly #now: () => number
  readonly #hosts = new Map<string, HostState>()

  /** @param perSecond Sustained; twice as many may come at once. */
  constructor(perSecond: number, now = () => performance.now()) {
    this.#perSecond = perSecond
    this.#burst = Math.max(1, 2 * perSecond)
    this.#now = now
  }

  /** Counts one exchange; false: it is over the rate. */
  admit(host: string): boolean {
    const state = this.#stateOf(host)
    if (state.tokens < 1) return false
    state.tokens -= 1
    return true
  }

  #stateOf(host: string): HostState {
    const nowMs = this.#now()
    const known = this.#hosts.get(host)
    if (known !== undefined) {
      const earned = ((nowMs - known.seenAtMs) / 1_000) * this.#perSecond
      if (known.tokens !== Infinity) known.tokens = Math.min(this.#burst, known.tokens + earned)
      known.seenAtMs = nowMs
      return known
    }
    const state = { tokens: isOwnNetwork(host) ? Infinity : this.#burst, seenAtMs: nowMs }
    this.#hosts.set(host, state)
    const [first] = this.#hosts.keys()
    if (this.#hosts.size > HOSTS_MAX && first !== undefined) this.#hosts.delete(first)
    return state
  }
}

function isOwnNetwork(host: string): boolean {
  return isIP(host) !== 0 && OWN_NETWORK.has(ipaddr.process(host).range())
}
