// One thing that is heard of a platform's call, in a transaction: joined into what is known of it,
// written to the call, and what it starts emitted with it.
//
//   event or note ─▶ its call, locked ─▶ assembled ─▶ pre-call run ─▶ row, transcript ─▶ events due
//
// H1. Any order and any repetition come to the same record and the same events, each once (J6).
// H2. What is emitted is stored with what it tells of (J1).

import { createId } from '@bookend/core'
import {
  assembleEvent,
  assembleNote,
  callIdOf,
  emptyCall,
  recordOf,
  type CallNote,
  type CallState,
  type NeutralEvent,
  type OutgoingRequest,
} from '@bookend/platforms'
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Engine } from '../engine/engine.ts'
import { acceptEvent, type Accepted } from '../events/accept-event.ts'
import type { Snapshot } from '../snapshot.ts'
import type { CallRow } from '../store/postgres/call-row.ts'
import { lockCall, withParts } from '../store/postgres/calls.ts'
import {
  addCallIds,
  findPlatformCall,
  insertCall,
  insertPlatformCall,
  updateCall,
  updatePlatformCall,
  type PlatformCallRow,
} from '../store/postgres/platform-calls.ts'
import { replaceTranscript } from '../store/postgres/transcript-of-platform.ts'
import { describeCall, nobody } from './describe-call.ts'
import { linkCall } from './link-call.ts'
import type { LivePlatform } from './live-platforms.ts'
import { pickAgent } from './pick-agent.ts'
import { settleCall } from './settle-call.ts'

export interface HearParts {
  readonly engine: Pick<Engine, 'enqueue'>
  readonly snapshot: Pick<Snapshot, 'findAgent' | 'agentIdOfNumber'>
  readonly takeNumber: () => number | null
}

export type Heard =
  | { readonly kind: 'event'; readonly event: NeutralEvent }
  | { readonly kind: 'note'; readonly note: CallNote }

export interface HeardCall {
  readonly callId: string
  readonly isDuplicate: boolean
  readonly accepted: readonly Accepted[]
  readonly dueAt: Date | null
  /** Numbers of a call that has just ended. */
  readonly ended: { readonly from: string | null; readonly to: string | null } | null
}

/** The caller has locked all ids of it. */
export async function hearOfCall(
  client: pg.PoolClient,
  parts: HearParts,
  live: LivePlatform,
  heard: Heard,
  now: Date,
): Promise<HeardCall> {
  const { workspace_id: workspaceId, id: connectionId } = live.row
  const key = { workspaceId, connectionId }
  const known = await findPlatformCall(client, key, idsOf(heard))
  const row = known ?? (await beginCall(client, parts, live, heard, now))
  const { state, kind } =
    heard.kind === 'event'
      ? assembleEvent(row.state, heard.event)
      : assembleNote(row.state, heard.note)
  if (kind === 'duplicate') {
    const { call_id: callId, due_at: dueAt } = row
    return { callId, isDuplicate: true, accepted: [], dueAt, ended: null }
  }
  const event = heard.kind === 'event' ? heard.event : null
  const fetchId = event?.fetch_id ?? row.fetch_id
  const isUpdate = event?.event_type === TRANSCRIPT_UPDATE
  const after = { ...row, state, fetch_id: fetchId }
  const updateKey = isUpdate ? event.dedupe_key : null
  return await settleState(client, parts, live, after, now, { updateKey })
}

const TRANSCRIPT_UPDATE = 'call.transcript_update'
/** Longer than a run takes to be stored, while the database is there. */
const LINK_AFTER_MS = 5_000

export const idsOf = (heard: Heard): readonly string[] => {
  const { call_id: callId, aliases } = heard.kind === 'event' ? heard.event.payload : heard.note
  return [callId, ...aliases]
}

/** Writes what `row.state` says of its call, and emits what is due. */
export async function settleState(
  client: pg.PoolClient,
  parts: HearParts,
  live: LivePlatform,
  row: PlatformCallRow,
  now: Date,
  { updateKey = null }: { readonly updateKey?: string | null } = {},
): Promise<HeardCall> {
  const { workspace_id: workspaceId, call_id: callId, state, emitted } = row
  await addCallIds(client, row)
  const base = await lockCall(client, workspaceId, callId)
  if (base === null) throw new Error('a platform call has no call')
  const record = recordOf(state)
  const heardAt = now.toISOString()
  const linking = { workspaceId, connectionId: row.connection_id, callId, state, record, heardAt }
  const run = row.run_id === null ? await linkCall(client, linking) : null
  const ours = (record.direction ?? base.direction) === 'inbound' ? 'to_number' : 'from_number'
  const agent = pickAgent(parts.snapshot, live.row, record.agent, record[ours] ?? null)
  const endHeardAt = state.firstAt['call.completed'] ?? null
  const call = describeCall({ base, record, run, agent, endHeardAt, now })
  await updateCall(client, call)
  const { transcripts } = record
  const sequences =
    transcripts === undefined ? [] : await replaceTranscript(client, call, transcripts)
  const wait = live.row.analysis_wait_minutes
  const settled = settleCall({
    state,
    emitted,
    rule: wait === null ? { kind: 'at_end' } : { kind: 'with_analysis', waitMs: wait * 60_000 },
    canFetch: !row.is_fetch_over && fetchOf(live, row) !== null,
    fetchAt: row.fetch_at,
    now,
  })
  const accepted: Accepted[] = []
  const emit = async (type: string, dedupeKey: string, more = {}): Promise<void> => {
    const event = { workspaceId, type, dedupeKey, callId, payload: { call_id: callId, ...more } }
    accepted.push(await acceptEvent(client, parts.engine, event, await recordedCall(), now))
  }
  const recordedCall = () => withParts(client, call)
  if (updateKey !== null) {
    const name = createHash('sha256').update(updateKey).digest('base64url')
    await emit(TRANSCRIPT_UPDATE, `${TRANSCRIPT_UPDATE}:${callId}:${name}`, {
      sequences: [...sequences],
    })
  }
  for (const type of settled.emit) {
    // Where the agent has analyzers of its own, it is told when they have answered too.
    const isOurs = type === 'call.analyzed' && call.agent.analyzers.length > 0
    if (!isOurs) await emit(type, `${type}:${callId}`)
  }
  const { wantsFetch } = settled
  const runId = run?.pre_call?.run_id ?? row.run_id
  const dueAt = earliest(settled.dueAt, runId === null ? linkDueAt(state, now) : null)
  await updatePlatformCall(client, {
    ...row,
    emitted: [...emitted, ...settled.emit],
    run_id: runId,
    linked_by: run?.by ?? row.linked_by,
    fetch_at: wantsFetch ? (row.fetch_at ?? now) : null,
    due_at: dueAt,
  })
  const hasEnded = settled.emit.includes('call.completed')
  const { from_number_e164: from, to_number_e164: to } = call
  return {
    callId,
    isDuplicate: false,
    accepted: accepted.filter(({ isDuplicate }) => !isDuplicate),
    dueAt,
    ended: hasEnded ? { from, to } : null,
  }
}

/** Its run may be stored after everything of the call was heard: once more it is looked for. */
function linkDueAt({ firstAt }: CallState, now: Date): Date | null {
  const first = Object.values(firstAt).toSorted()[0]
  const dueAt = first === undefined ? null : new Date(Date.parse(first) + LINK_AFTER_MS)
  return dueAt !== null && dueAt > now ? dueAt : null
}

const earliest = (a: Date | null, b: Date | null): Date | null =>
  a === null || (b !== null && b < a) ? b : a

/** The request for the platform's record of a call; null: there is none to be had. */
export function fetchOf(
  { connection }: LivePlatform,
  { state, fetch_id: fetchId }: Pick<PlatformCallRow, 'state' | 'fetch_id'>,
): OutgoingRequest | null {
  const id = fetchId ?? callIdOf(state)
  return id === null ? null : (connection?.hydrationOf(id) ?? null)
}

async function beginCall(
  client: pg.PoolClient,
  parts: HearParts,
  live: LivePlatform,
  heard: Heard,
  now: Date,
): Promise<PlatformCallRow> {
  const { workspace_id: workspaceId, id: connectionId, platform } = live.row
  const callId = createId(now)
  const theirs = heard.kind === 'event' ? heard.event.payload.call_id : heard.note.call_id
  const state: CallState = emptyCall(platform)
  await insertCall(client, newCall(parts, live, callId, theirs, now))
  const row: PlatformCallRow = {
    workspace_id: workspaceId,
    call_id: callId,
    connection_id: connectionId,
    state,
    emitted: [],
    run_id: null,
    linked_by: null,
    fetch_id: null,
    fetch_tries: 0,
    fetch_at: null,
    is_fetch_over: false,
    due_at: null,
  }
  await insertPlatformCall(client, row)
  return row
}

const newCall = (
  { takeNumber }: HearParts,
  { row, label }: LivePlatform,
  id: string,
  theirs: string,
  now: Date,
): CallRow => ({
  workspace_id: row.workspace_id,
  id,
  number: takeNumber(),
  status: 'ringing',
  direction: 'inbound',
  platform: row.platform,
  from_number: '',
  to_number: '',
  from_number_e164: null,
  to_number_e164: null,
  attestation: null,
  agent_id: null,
  agent_version: null,
  agent: nobody,
  call_prompt: null,
  first_message: null,
  params: {},
  external_identifiers: { platform_call_id: theirs, platform_connection: label },
  outcome: { type: 'continue' },
  pre_call: null,
  flags: [],
  created_at: now.toISOString(),
  started_at: null,
  ended_at: null,
  duration_s: null,
  ended_reason: null,
  answered_by: null,
  transferred: false,
  recording_url: null,
  summary: null,
  analysis_results: [],
})
