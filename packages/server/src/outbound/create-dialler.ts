import type { Dialled, Dialler, DialRequest } from '@bookend/core'
import type { AgentInMemory, Snapshot } from '../snapshot.ts'
import { findDialling, placeCall, type PlaceCallParts, type Placing } from './place-call.ts'

/** Calls that journeys ask for later are placed like all others. */
export const createDialler =
  (parts: PlaceCallParts) =>
  (workspaceId: string): Dialler | null => {
    const live = findDialling(parts.live, workspaceId)
    if (live === undefined) return null
    return {
      name: live.label,
      // None of the platforms that place calls tells a repeated request from a new one.
      knowsKeys: false,
      dial: (request, signal) => dial(parts, request, signal),
    }
  }

async function dial(
  parts: PlaceCallParts,
  { workspaceId, key, to, agent: name, params, reason }: DialRequest,
  signal: AbortSignal,
): Promise<Dialled> {
  const { snapshot, clock } = parts.answerParts
  const agent = findAgent(snapshot, workspaceId, name)
  if (agent === undefined) return { kind: 'refused', detail: 'there is no such agent' }
  const placing = await placeCall(
    parts,
    {
      workspaceId,
      agent,
      to,
      from: null,
      params,
      externalIdentifiers: { scheduled_call_id: key, ...(reason === null ? {} : { reason }) },
      receivedAtMs: clock.monotonicMs(),
    },
    signal,
  )
  return dialledOf(placing)
}

/** By its id, or by its name where only one has it. */
function findAgent(
  snapshot: Pick<Snapshot, 'findAgent' | 'agentsNamed'>,
  workspaceId: string,
  name: string,
): AgentInMemory | undefined {
  const named = snapshot.agentsNamed(workspaceId, name)
  return snapshot.findAgent(workspaceId, name) ?? (named.length === 1 ? named[0] : undefined)
}

function dialledOf(placing: Placing): Dialled {
  switch (placing.kind) {
    case 'placed':
      return { kind: 'placed', callId: placing.platformCallId }
    case 'rejected':
      return { kind: 'refused', detail: 'its pre-call workflow does not want it' }
    case 'no_platform':
      return { kind: 'retry', detail: 'no platform is connected that can dial' }
    case 'no_number':
      return { kind: 'refused', detail: 'there is no number to call from' }
    case 'refused': {
      const { reason: detail, again } = placing
      return again ? { kind: 'retry', detail } : { kind: 'refused', detail }
    }
    case 'unknown':
      return { kind: 'unknown', detail: placing.reason }
  }
}
