// Which addresses a request may be sent to.
//
//   text ─▶ parse ─▶ unwrap IPv4-mapped ─▶ deny list ─▶ our own ─▶ public unicast, or private by setting
//
// R1. What does not parse is denied.
// R2. IPv6 is allowed only as plain unicast inside 2000::/3: every other form can carry an IPv4
//     address, or lead inside, under a range name that sounds harmless.
// R3. The setting lifts loopback and private ranges. Link-local, carrier NAT, multicast, reserved
//     ranges and the deny list stay closed.

import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A place where Bookend itself listens. Without a port, every port of that host. */
export interface OwnAddress {
  /** An address or a name. */
  readonly host: string
  readonly port?: number
}

export interface AddressRuleOptions {
  readonly allowPrivateTargets: boolean
  readonly ownAddresses?: readonly OwnAddress[]
}

/** Says whether `address`, as text without brackets, may be dialled on `port`. */
export type AddressRule = (address: string, port: number) => boolean

/** Services of hosting providers for their own machines, in ranges that look public or private. */
const DENIED = [
  '168.63.129.16/32', // Azure: instance agent
  '161.26.0.0/16', // IBM Cloud: internal services
  '166.8.0.0/14', // IBM Cloud: service endpoints
  '100.100.100.200/32', // Alibaba Cloud: metadata
  '192.0.0.192/32', // Oracle Cloud: metadata
  'fd00:ec2::/32', // AWS: metadata, DNS and time
  'fd00:c1::/32', // Oracle Cloud: metadata
  'fd00:42::/32', // Scaleway: metadata
  'fd20:ce::/32', // Google Cloud: metadata
].map((range) => ipaddr.parseCIDR(range))

const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3')
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal'])

export function createAddressRule(options: AddressRuleOptions): AddressRule {
  const { allowPrivateTargets } = options
  const own = (options.ownAddresses ?? []).flatMap(({ host, port }) => {
    const address = parseAddress(host)
    return address === null ? [] : [{ text: address.toString(), port }]
  })
  return (text, port) => {
    const address = parseAddress(text)
    if (address === null || isDenied(address)) return false
    const canonical = address.toString()
    if (own.some((at) => at.text === canonical && (at.port ?? port) === port)) return false
    const range: string = address.range()
    if (PRIVATE_RANGES.has(range)) return allowPrivateTargets
    return range === 'unicast' && (address.kind() === 'ipv4' || inside(address, GLOBAL_UNICAST))
  }
}

/** Node's strict reading first: ipaddr.js also takes `0177.1` and other spellings. */
function parseAddress(text: string): Address | null {
  if (isIP(text) === 0 || text.includes('%')) return null
  return ipaddr.process(text)
}

const isDenied = (address: Address): boolean => DENIED.some((range) => inside(address, range))

function inside(address: Address, [base, bits]: [Address, number]): boolean {
  return address.kind() === base.kind() && address.match(base, bits)
}
