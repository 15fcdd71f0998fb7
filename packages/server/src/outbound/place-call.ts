// Places a call through a connected platform: asked before it rings what its agent should know.
//
//   platform, number ─▶ pre-call ─▶ recorded, known by its id ─▶ dialled ─▶ the platform's id of it
//
// O1. Whether the number may be called at all is decided before this.
// O2. The platform's events find the call whatever comes first: its id goes with the request.
// O3. What was certainly not placed has failed, and journeys hear of its end. What may have been placed
//     is left to the platform's events.

import type { InboundAnswer, JsonObject } from '@bookend/contract'
import type { Clock, HttpPort } from '@bookend/core'
import { emptyCall, type DialAnswer, type PublicUrls } from '@bookend/platforms'
import { askPlatform } from '../platforms/ask-platform.ts'
import type { LivePlatform, LivePlatforms } from '../platforms/live-platforms.ts'
import type { TakeDelivery } from '../platforms/take-delivery.ts'
import { answerCall, type AnswerParts } from '../precall/answer-call.ts'
import type { AgentInMemory } from '../snapshot.ts'
import type { Database } from '../store/database.ts'
import {
  addCallIds,
  insertPlatformCall,
  updatePlatformCall,
  type PlatformCallRow,
} from '../store/postgres/platform-calls.ts'
import { tellOfCall } from './tell-of-call.ts'

export interface PlaceCallParts {
  readonly answerParts: AnswerParts
  readonly live: Pick<LivePlatforms, 'list'>
  readonly database: Pick<Database, 'transaction'>
  readonly outgoing: Pick<HttpPort, 'send'>
  readonly clock: Clock
  readonly publicUrl: () => string
  readonly recorded: (callId: string) => Promise<void>
  readonly takeDelivery: TakeDelivery
}

export interface WantedCall {
  readonly workspaceId: string
  readonly agent: AgentInMemory
  /** E.164. */
  readonly to: string
  /** Null: the platform's, or the agent's own. */
  readonly from: string | null
  readonly params: JsonObject
  readonly externalIdentifiers: JsonObject
  readonly receivedAtMs: number
}

export type Placing =
  | { readonly kind: 'no_platform' }
  | { readonly kind: 'no_number' }
  /** The pre-call workflow does not want it. */
  | { readonly kind: 'rejected'; readonly answer: InboundAnswer }
  | {
      readonly kind: 'placed'
      readonly answer: InboundAnswer
      readonly platformCallId: string
    }
  | Exclude<DialAnswer, { kind: 'placed' }>

/** The platform of a workspace that places calls. */
export const findDialling = (
  live: Pick<LivePlatforms, 'list'>,
  workspaceId: string,
): LivePlatform | undefined =>
  live
    .list()
    .find(({ row, connection }) => row.workspace_id === workspaceId && connection?.dial != null)

/** @throws {DatabaseAwayError} Nothing was dialled. */
export async function placeCall(
  parts: PlaceCallParts,
  wanted: WantedCall,
  signal?: AbortSignal,
): Promise<Placing> {
  const { workspaceId, agent, to, params, externalIdentifiers, receivedAtMs } = wanted
  const live = findDialling(parts.live, workspaceId)
  const dial = live?.connection?.dial ?? null
  if (live === undefined || dial === null) return { kind: 'no_platform' }
  const { snapshot } = parts.answerParts
  const from = wanted.from ?? dial.from ?? snapshot.numberOfAgent(workspaceId, agent.id) ?? null
  if (from === null) return { kind: 'no_number' }
  const answer = await answerCall(parts.answerParts, {
    workspaceId,
    receivedAtMs,
    made: { agent, direction: 'outbound', platform: live.row.platform },
    body: {
      from_number: from,
      to_number: to,
      params,
      external_identifiers: externalIdentifiers,
      attestation: null,
    },
  })
  const { call, pre_call: preCall, outcome, parameters } = answer
  if (outcome.type === 'reject') return { kind: 'rejected', answer }
  await parts.recorded(call.uuid)
  await tie(parts, live, call.uuid, preCall.run_id)
  const result = { run_id: preCall.run_id ?? call.uuid, outcome, parameters }
  const asked = dial.request({ to, from, call_id: call.uuid, result }, urlsOf(parts, live))
  const dialled: DialAnswer =
    asked.kind === 'refused'
      ? { kind: 'refused', reason: asked.reason, again: false }
      : await ask(parts, (given) => dial.read(given), asked.request, signal)
  await tellOfCall(parts, live, { callId: call.uuid, from, to, dialled })
  return dialled.kind === 'placed'
    ? { kind: 'placed', answer, platformCallId: dialled.call_id }
    : dialled
}

async function ask(
  { outgoing }: PlaceCallParts,
  read: (answer: { status: number; body: Uint8Array }) => DialAnswer,
  request: Parameters<typeof askPlatform>[1],
  signal?: AbortSignal,
): Promise<DialAnswer> {
  const result = await askPlatform(outgoing, request, signal)
  if (result.kind === 'answered') return read(result)
  const reason = `the platform did not answer: ${result.code}`
  return result.sent ? { kind: 'unknown', reason } : { kind: 'refused', reason, again: true }
}

function urlsOf({ publicUrl }: PlaceCallParts, { row }: LivePlatform): PublicUrls {
  const base = `${publicUrl().replace(/\/$/, '')}/platforms/${row.platform}/${row.name}`
  return { preCall: `${base}/pre-call`, events: `${base}/events` }
}

/** The platform's call and ours are one before there is one at all (O2). */
async function tie(
  { database }: PlaceCallParts,
  { row: { workspace_id, id, platform } }: LivePlatform,
  callId: string,
  runId: string | null,
): Promise<void> {
  const row: PlatformCallRow = {
    workspace_id,
    call_id: callId,
    connection_id: id,
    state: { ...emptyCall(platform), aliases: [callId] },
    emitted: [],
    run_id: runId,
    linked_by: runId === null ? null : 'id',
    fetch_id: null,
    fetch_tries: 0,
    fetch_at: null,
    is_fetch_over: false,
    due_at: null,
  }
  await database.transaction(async (client) => {
    await insertPlatformCall(client, row)
    await updatePlatformCall(client, row)
    await addCallIds(client, row)
  })
}
