// The calls of a server as they happen.
//
//   look ─▶ calls that are new, calls whose work went on ─▶ told ─▶ rest ─▶ look …
//
// C1. A call is told once when it has come in, and again when it or its journeys have got somewhere.
// C2. What was there before the first look is not told.
// C3. A look that fails is forgotten; the next one tells what it would have.

import type { CallListItem } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { setTimeout as pause } from 'node:timers/promises'

export interface FollowCallsOptions {
  readonly client: Client
  readonly signal: AbortSignal
  readonly everyMs?: number
  onArrival(call: CallListItem): void
  onProgress(call: CallListItem): void
}

const LOOK_EVERY_MS = 500
/** More than come in between two looks on a machine where somebody tries things. */
const CALLS = 50
const KNOWN_MAX = 1_000

/** Ends when it is called off; never rejects. */
export async function followCalls(options: FollowCallsOptions): Promise<void> {
  const { client, signal, everyMs = LOOK_EVERY_MS } = options
  const known = new Map<string, string>()
  let isFirst = true
  while (!signal.aborted) {
    try {
      const { calls } = await client.call('listCalls', { query: { limit: CALLS } }, { signal })
      for (const call of calls.toReversed()) {
        if (!isFirst) tell(call, known.get(call.uuid), options)
        known.delete(call.uuid)
        known.set(call.uuid, stateOf(call))
      }
      for (const id of known.keys()) {
        if (known.size <= KNOWN_MAX) break
        known.delete(id)
      }
      isFirst = false
    } catch {
      // The server is stopping, or its database is away and it says so itself (C3).
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined)
  }
}

function tell(call: CallListItem, before: string | undefined, options: FollowCallsOptions): void {
  if (before === undefined) options.onArrival(call)
  const state = stateOf(call)
  if (state !== before && state !== '') options.onProgress(call)
}

/** Nothing while it is on the line. */
function stateOf({ status, journeys }: CallListItem): string {
  const { total, completed, failed, waiting } = journeys
  if (total > 0) return [status, total, completed, failed, waiting].join(' ')
  return status === 'ringing' || status === 'in_progress' ? '' : status
}
