// What came of some of a call's analyzers, in one transaction with what it means for the call.
//
//   answers ─▶ call locked ─▶ rows settled ─▶ results on the call ─▶ nothing more to come? call.analyzed
//
// S1. `call.analyzed` is emitted once for a call, when its last analyzer has settled: one that failed
//     has settled as well. Asking again later changes the results, and tells nobody.
// S2. Those that build on others begin when the others have settled.

import type { JsonObject } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import type { Engine } from '../engine/engine.ts'
import { acceptEvent, type Accepted } from '../events/accept-event.ts'
import type { Database } from '../store/database.ts'
import {
  releaseWaiting,
  settleAnalyses,
  writeResults,
  type SettledAnalysis,
} from '../store/postgres/analyses.ts'
import { lockCall, withParts } from '../store/postgres/calls.ts'

export interface SettleParts {
  readonly database: Pick<Database, 'transaction'>
  readonly engine: Pick<Engine, 'enqueue'>
  readonly clock: Clock
}

export interface SettledCall {
  /** Of `call.analyzed`. */
  readonly accepted: Accepted | null
  /** Analyzers of it were waiting, and are due now. */
  readonly hasMore: boolean
}

const NOTHING: SettledCall = { accepted: null, hasMore: false }

/** @param settled All of one call. */
export async function settleCall(
  { database, engine, clock }: SettleParts,
  settled: readonly SettledAnalysis[],
): Promise<SettledCall> {
  const [first] = settled
  if (first === undefined) return NOTHING
  const { workspaceId, callId } = first.held
  return await database.transaction(async (client) => {
    const locked = await lockCall(client, workspaceId, callId)
    if (locked === null || (await settleAnalyses(client, settled)) === 0) return NOTHING
    const rest = await writeResults(client, workspaceId, callId)
    if (rest === 'queued') return NOTHING
    if (rest === 'waiting') {
      await releaseWaiting(client, workspaceId, callId)
      return { accepted: null, hasMore: true }
    }
    const row = await lockCall(client, workspaceId, callId)
    const call = await withParts(client, row ?? locked)
    const event = {
      workspaceId,
      type: 'call.analyzed',
      dedupeKey: `call.analyzed:${callId}`,
      callId,
      payload: {
        call_id: callId,
        analysis_results: call.analysis_results.map(
          ({ title = null, result, error = null }): JsonObject => ({ title, result, error }),
        ),
        summary: call.summary,
      },
    }
    const accepted = await acceptEvent(client, engine, event, call, clock.now())
    return { accepted: accepted.isDuplicate ? null : accepted, hasMore: false }
  })
}
