// Who speaks on a call whose socket has just opened, and with which words.
//
//   a call that we placed ─▶ as it was recorded
//   one that was answered a moment ago ─▶ as it was prepared
//   else ─▶ the agent by id or number, and the parameters as the platform sends them back

import type { Call, JsonObject } from '@bookend/contract'
import type { NeutralCall } from '@bookend/platforms'
import { tellAgent, type Told } from '../../precall/tell-agent.ts'
import type { Snapshot } from '../../snapshot.ts'
import type { LivePlatform } from '../live-platforms.ts'
import { pickAgent } from '../pick-agent.ts'
import type { PreparedCalls } from './prepared-calls.ts'

export interface Speaker {
  readonly system: string
  readonly greeting: string | null
  readonly agentFirst: boolean
}

export interface SpeakerParts {
  readonly snapshot: Snapshot
  readonly prepared: Pick<PreparedCalls<Told>, 'find'>
  readonly findCall: (workspaceId: string, callId: string) => Promise<Call | null>
}

interface Opened {
  readonly live: LivePlatform
  readonly placedId: string | null
  readonly runId: string | null
  /** What the platform says of the call. */
  readonly call: NeutralCall
}

const OURS = 'bookend_'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Null: nobody is to speak on it. */
export async function findSpeaker(parts: SpeakerParts, opened: Opened): Promise<Speaker | null> {
  const { live, placedId, runId, call } = opened
  if (placedId !== null && UUID.test(placedId)) {
    const placed = await parts.findCall(live.row.workspace_id, placedId)
    if (placed !== null) return speakerOfCall(placed)
  }
  const prepared = runId === null ? undefined : parts.prepared.find(runId)
  const told = prepared ?? tellAnew(parts, live, call)
  return told === null ? null : speakerOf(told)
}

const speakerOf = ({ prompt, firstMessage, speaker }: Told): Speaker => ({
  system: prompt,
  greeting: firstMessage,
  agentFirst: speaker.settings.agent_speaks_first,
})

const speakerOfCall = (call: Call): Speaker => ({
  system: call.call_prompt ?? '',
  greeting: call.first_message,
  agentFirst: call.agent_speaks_first,
})

function tellAnew(
  { snapshot }: SpeakerParts,
  { row }: LivePlatform,
  { params = {}, direction, from_number: from, to_number: to }: NeutralCall,
): Told | null {
  const named = params['bookend_agent_id']
  const wanted = typeof named === 'string' ? snapshot.findAgent(row.workspace_id, named) : undefined
  const ours = direction === 'outbound' ? from : to
  const agent = wanted ?? pickAgent(snapshot, row, undefined, ours ?? null)
  if (agent === undefined) return null
  const given = Object.entries(params).filter(([name]) => !name.startsWith(OURS))
  return tellAgent(snapshot, Object.fromEntries(given) as JsonObject, agent, null)
}
