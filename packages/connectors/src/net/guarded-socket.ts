// A socket that dials only where it may (threats A1–A6), for libraries that connect by themselves.
//
//   connect(port, host) ─▶ look up and judge ─▶ dial one of these addresses ─▶ judge the peer
//
// G1. Nothing is dialled that was not judged, and the address dialled is the one judged.
// G2. A peer that may not be talked to, or not without TLS, hears no byte.

import { ConnectorFault, type ReachPort } from '@bookend/core'
import { Socket } from 'node:net'

export interface GuardedSocketOptions {
  readonly reach: ReachPort
  /** Nothing said over it is encrypted. */
  readonly isPlain: boolean
}

export class GuardedSocket extends Socket {
  readonly #options: GuardedSocketOptions

  constructor(options: GuardedSocketOptions) {
    super()
    this.#options = options
  }

  /** `connect(port, host)` or `connect(path)`; whatever else the platform takes is refused. */
  override connect(...args: unknown[]): this {
    const [target, host] = args
    const { reach, isPlain } = this.#options
    if (typeof target === 'string' && reach.allowsFiles) return super.connect(target)
    if (typeof target !== 'number' || typeof host !== 'string') return this.#refuse()
    this.prependOnceListener('connect', () => {
      const address = this.remoteAddress ?? ''
      const isAllowed =
        reach.allowsPeer(address, target) && (!isPlain || reach.allowsPlain(address))
      if (!isAllowed) this.#refuse()
    })
    reach.addressesOf(host, target).then(
      (addresses) => {
        if (this.destroyed) return
        super.connect({
          port: target,
          host,
          autoSelectFamily: true,
          lookup: (_hostname, _options, done) => done(null, [...addresses]),
        })
      },
      (error: unknown) => this.destroy(error instanceof Error ? error : blocked()),
    )
    return this
  }

  #refuse(): this {
    return this.destroy(blocked())
  }
}

const blocked = (): ConnectorFault => new ConnectorFault({ kind: 'refused', detail: 'blocked' })
