import type { HttpPort, ReachPort } from '@bookend/core'
import { createReach, type Reach } from '../outgoing/reach.ts'
import type { ConfiguredConnection } from './configured.ts'

/** HTTP, and where sockets of other protocols may be opened; nowhere inside when it is left out. */
export type Outgoing = HttpPort & { readonly reach?: Reach }

const strict = createReach({ allowPrivateTargets: false })

/** Only what was entered through the API has a revision, and it is judged as its URLs are. */
export function reachOf(
  { reach = strict }: Outgoing,
  { revision }: ConfiguredConnection,
): ReachPort {
  return revision === undefined ? reach.trusted : reach.judged
}
