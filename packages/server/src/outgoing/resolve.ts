// From a name to the addresses that may be dialled for it.
//
// N1. All answers of all families are judged; one that is denied refuses the name as a whole.
// N2. Nothing is remembered: every new connection asks again. Only requests that wait for the same
//     question at the same moment share it, because look-ups run on a handful of threads.

import { promises as dns } from 'node:dns'
import type { AddressRule } from './address-rule.ts'
import { OutgoingFault } from './codes.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** All addresses of a name. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>

/**
 * @throws {OutgoingFault} `dns_error` without an answer, `blocked` with one that is not allowed.
 */
export type Resolve = (hostname: string, port: number) => Promise<readonly ResolvedAddress[]>

/** Later addresses of a long answer are judged, but never tried. */
const dialledMax = 8

export const systemLookup: Lookup = (hostname) => dns.lookup(hostname, { all: true })

export function createResolve(lookup: Lookup, allows: AddressRule): Resolve {
  const asking = new Map<string, Promise<readonly ResolvedAddress[]>>()

  async function ask(hostname: string): Promise<readonly ResolvedAddress[]> {
    try {
      return await lookup(hostname)
    } catch {
      throw new OutgoingFault('dns_error')
    } finally {
      asking.delete(hostname)
    }
  }

  function askOnce(hostname: string): Promise<readonly ResolvedAddress[]> {
    const pending = asking.get(hostname)
    if (pending !== undefined) return pending
    const answer = ask(hostname)
    asking.set(hostname, answer)
    return answer
  }

  return async (hostname, port) => {
    const addresses = await askOnce(hostname)
    if (addresses.length === 0) throw new OutgoingFault('dns_error')
    if (!addresses.every(({ address }) => allows(address, port))) throw new OutgoingFault('blocked')
    return addresses.slice(0, dialledMax)
  }
}
