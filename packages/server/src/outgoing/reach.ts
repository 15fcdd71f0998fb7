// Where connectors may open sockets of their own, for protocols other than HTTP (threats A1–A6).
//
// S1. What was entered through the API follows the address rule, as any URL does.
// S2. What stands in `bookend.config.ts` may be anywhere: a database or a mail relay on the own network
//     is the normal case, and the file is code, which could open the socket by itself.
// S3. Without TLS a peer is spoken to on this machine and its own network, and nowhere else.

import { ConnectorFault, type ReachPort } from '@bookend/core'
import { isIP } from 'node:net'
import { createAddressRule, type AddressRule, type OwnAddress } from './address-rule.ts'
import { OutgoingFault } from './codes.ts'
import { createResolve, systemLookup, type Lookup } from './resolve.ts'

export interface ReachOptions {
  readonly allowPrivateTargets: boolean
  readonly ownAddresses?: readonly OwnAddress[]
  readonly lookup?: Lookup
}

export interface Reach {
  /** For connections of `bookend.config.ts`. */
  readonly trusted: ReachPort
  /** For connections entered through the API. */
  readonly judged: ReachPort
}

export function createReach(options: ReachOptions): Reach {
  const { allowPrivateTargets, lookup = systemLookup } = options
  const anywhere: AddressRule = (address) => isIP(address) !== 0
  return {
    trusted: reachBy(anywhere, lookup, true),
    judged: reachBy(createAddressRule(options), lookup, allowPrivateTargets),
  }
}

function reachBy(allows: AddressRule, lookup: Lookup, allowsFiles: boolean): ReachPort {
  const resolve = createResolve(lookup, allows)
  return {
    allowsFiles,
    allowsPlain: isNear,
    allowsPeer: allows,
    async addressesOf(host, port) {
      const family = isIP(host)
      if (family !== 0) {
        if (allows(host, port)) return [{ address: host, family }]
        throw blocked()
      }
      try {
        return await resolve(host, port)
      } catch (error) {
        const isBlocked = error instanceof OutgoingFault && error.code === 'blocked'
        throw isBlocked ? blocked() : new ConnectorFault({ kind: 'retry', detail: 'dns_error' })
      }
    },
  }
}

const blocked = (): ConnectorFault => new ConnectorFault({ kind: 'refused', detail: 'blocked' })

const ownNetwork = createAddressRule({ allowPrivateTargets: true })
const publicOnly = createAddressRule({ allowPrivateTargets: false })

/** Loopback and the private ranges: what the setting would open, and is closed without it. */
const isNear = (address: string): boolean => ownNetwork(address, 0) && !publicOnly(address, 0)
