import { networkInterfaces } from 'node:os'
import type { OwnAddress } from './address-rule.ts'

/**
 * Where a server on `host` and `port` can be reached. One that listens everywhere is at every address of
 * its machine (threat A8).
 *
 * @param interfaces The machine's, as the platform lists them.
 */
export function ownAddresses(
  host: string,
  port: number,
  interfaces: () => Interfaces = networkInterfaces,
): readonly OwnAddress[] {
  if (host !== '0.0.0.0' && host !== '::') return [{ host, port }]
  const addresses = Object.values(interfaces()).flatMap((list) => list ?? [])
  return [...new Set(addresses.map(({ address }) => address))].map((own) => ({ host: own, port }))
}

type Interfaces = Readonly<Record<string, readonly { readonly address: string }[] | undefined>>
