import type { ReachPort } from '@bookend/core'
import { lookup } from 'node:dns/promises'

/** A test's own hosts, wherever they are. */
export const anywhere: ReachPort = {
  addressesOf: (host) => lookup(host, { all: true }),
  allowsPeer: () => true,
  allowsPlain: () => true,
  allowsFiles: true,
}
