// What is reported of calls, many reports in one transaction: what each says of its call, its event,
// and what the event starts; then the answers (J1).
//
//   reports ─▶ all their calls locked ─▶ the first of each call, the second of each … ─▶ commit
//
// B1. Whatever a group holds, each call sees its reports one after the other, in their order.
// B2. Nothing is answered before the commit of the transaction it is in.

import type { Call, CallComplete, TranscriptEntryInput } from '@bookend/contract'
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Context } from '../context.ts'
import { crashAt } from '../crash-points.ts'
import { isAway } from '../store/database.ts'
import { preparing } from '../store/prepared.ts'
import {
  appendEntries,
  completeCalls,
  setStatus,
  type CallHead,
} from '../store/postgres/call-life.ts'
import type { CallRow } from '../store/postgres/call-row.ts'
import { lockCallHeads, lockCalls, withPartsOfMany } from '../store/postgres/calls.ts'
import { createEventId, eventKey, findEventIds } from '../store/postgres/events.ts'
import { acceptEventsOfCalls, type Accepted, type EventOfCall } from './accept-event.ts'
import { createGroupWork } from './group-work.ts'

interface Of {
  readonly workspaceId: string
  readonly callId: string
}
interface TranscriptReport extends Of {
  readonly kind: 'transcript'
  readonly entries: readonly TranscriptEntryInput[]
}
interface CompleteReport extends Of {
  readonly kind: 'complete'
  readonly body: CallComplete
}
export type CallReport = TranscriptReport | CompleteReport

export interface Reported {
  /** Null when nothing was new. */
  readonly accepted: Accepted | null
  /** Of the event that tells of it, now or earlier; null when nothing was new of a transcript. */
  readonly eventId: string | null
  /** Of a transcript: the sequences that were new. */
  readonly sequences: readonly number[]
  /** Of the end. */
  readonly call: Call | null
}

type Parts = Pick<Context, 'database' | 'engine' | 'registry' | 'clock'>

/** Two, so that one is prepared while the other waits for the disk. */
const LANES = 2
const GROUP_MAX = 200

/** Null for a report of a call that is not there. */
export type ReportCall = (report: CallReport) => Promise<Reported | null>

export function createCallReports(parts: Parts): ReportCall {
  return createGroupWork<CallReport, Reported | null>({
    async run(reports) {
      const results = await parts.database.keyedTransaction(async (client) => {
        const stored = await store(parts, client, reports)
        crashAt('ingest.before_commit')
        return stored
      })
      crashAt('ingest.after_commit')
      return results
    },
    isShared: isAway,
    lanes: LANES,
    groupMax: GROUP_MAX,
  })
}

async function store(
  parts: Parts,
  client: pg.PoolClient,
  reports: readonly CallReport[],
): Promise<readonly (Reported | null)[]> {
  const keys = reports.map(({ workspaceId, callId }) => ({ workspaceId, id: callId }))
  const often = preparing(client)
  const results = new Map<CallReport, Reported>()
  const isWatched = parts.registry.journeysOn(TRANSCRIPT_UPDATE).length > 0
  const said = reports.filter((report) => report.kind === 'transcript')
  if (said.length === reports.length && !isWatched) {
    // Nobody asks for the calls themselves, and a call's prompt alone may be long.
    const state = { calls: byKey(await lockCallHeads(often, keys)), results }
    for (const round of roundsOf(said)) {
      await storeTranscripts(parts, client, held(state.calls, round), state, noRecords)
    }
  } else {
    const state = { calls: byKey(await lockCalls(often, keys)), results }
    const readRecords = isWatched
      ? (calls: readonly CallRow[]) => withPartsOfMany(often, calls)
      : noRecords
    for (const round of roundsOf(reports)) {
      const spoken = round.filter((report) => report.kind === 'transcript')
      await storeTranscripts(parts, client, held(state.calls, spoken), state, readRecords)
      const ended = round.filter((report) => report.kind === 'complete')
      await storeEnds(parts, client, held(state.calls, ended), state)
    }
  }
  return reports.map((report) => results.get(report) ?? null)
}

const TRANSCRIPT_UPDATE = 'call.transcript_update'
const noRecords = (): Promise<readonly Call[]> => Promise.resolve([])

const byKey = <C extends CallHead>(calls: readonly C[]): Map<string, C> =>
  new Map(calls.map((call) => [keyOf(call.workspace_id, call.id), call]))

/** Each round has one report of a call at most (B1). */
function roundsOf<R extends CallReport>(reports: readonly R[]): readonly (readonly R[])[] {
  const rounds: R[][] = []
  const counts = new Map<string, number>()
  for (const report of reports) {
    const key = keyOf(report.workspaceId, report.callId)
    const round = counts.get(key) ?? 0
    counts.set(key, round + 1)
    const earlier = rounds[round]
    if (earlier === undefined) rounds.push([report])
    else earlier.push(report)
  }
  return rounds
}

interface Held<R, C> {
  readonly report: R
  readonly call: C
}

interface State<C> {
  readonly calls: Map<string, C>
  readonly results: Map<CallReport, Reported>
}

const keyOf = (workspaceId: string, id: string): string => `${workspaceId} ${id.toLowerCase()}`

function held<R extends CallReport, C>(
  calls: ReadonlyMap<string, C>,
  reports: readonly R[],
): readonly Held<R, C>[] {
  return reports.flatMap((report) => {
    const call = calls.get(keyOf(report.workspaceId, report.callId))
    return call === undefined ? [] : [{ report, call }]
  })
}

function keep<C extends CallHead>(state: State<C>, calls: readonly C[]): void {
  for (const call of calls) state.calls.set(keyOf(call.workspace_id, call.id), call)
}

async function storeTranscripts<C extends CallHead>(
  parts: Parts,
  client: pg.PoolClient,
  given: readonly Held<TranscriptReport, C>[],
  state: State<C>,
  readRecords: (calls: readonly C[]) => Promise<readonly Call[]>,
): Promise<void> {
  if (given.length === 0) return
  const often = preparing(client)
  const stored = await appendEntries(
    often,
    given.map(({ report, call }) => ({ call, entries: report.entries })),
  )
  const calls = await setStatus(
    often,
    given.map(({ call }) => call),
    'in_progress',
  )
  keep(state, calls)
  const type = TRANSCRIPT_UPDATE
  const records = await readRecords(calls.filter(({ id }) => stored.has(id)))
  const recordOf = new Map(records.map((record) => [record.uuid, record]))
  const now = parts.clock.now()
  const events = given.flatMap(({ report, call }): EventOfCall[] => {
    const sequences = stored.get(call.id)
    if (sequences === undefined) return []
    const event = {
      workspaceId: report.workspaceId,
      id: createEventId(now),
      type,
      dedupeKey: `${type}:${call.id}:${digest(sequences, report.entries)}`,
      callId: call.id,
      payload: { call_id: call.id, sequences: [...sequences] },
    }
    return [{ event, call: recordOf.get(call.id) ?? null }]
  })
  const accepted = await accept(parts, client, events)
  for (const { report, call } of given) {
    const one = accepted.get(call.id) ?? NOTHING
    state.results.set(report, { ...one, sequences: stored.get(call.id) ?? [], call: null })
  }
}

async function storeEnds(
  parts: Parts,
  client: pg.PoolClient,
  given: readonly Held<CompleteReport, CallRow>[],
  state: State<CallRow>,
): Promise<void> {
  if (given.length === 0) return
  const often = preparing(client)
  const now = parts.clock.now()
  const completions = given.map(({ report, call }) => ({ call, report: report.body }))
  const ended = await completeCalls(often, completions, now)
  keep(state, ended)
  const records = await withPartsOfMany(often, ended)
  const events = records.map((call, index): EventOfCall => {
    const event = {
      workspaceId: ended[index]?.workspace_id ?? '',
      id: createEventId(now),
      type: 'call.completed',
      dedupeKey: `call.completed:${call.uuid}`,
      callId: call.uuid,
      payload: { call_id: call.uuid },
    }
    return { event, call }
  })
  const accepted = await accept(parts, client, events)
  given.forEach(({ report }, index) => {
    const call = records[index] ?? null
    const one = accepted.get(call?.uuid ?? '') ?? NOTHING
    state.results.set(report, { ...one, sequences: [], call })
  })
}

type Told = Pick<Reported, 'accepted' | 'eventId'>
const NOTHING: Told = { accepted: null, eventId: null }

/** By the call's id: what was new, and the id of what was not. */
async function accept(
  { engine }: Parts,
  client: pg.PoolClient,
  events: readonly EventOfCall[],
): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>()
  for (const accepted of await acceptEventsOfCalls(client, engine, events)) {
    told.set(accepted.event.callId ?? '', { accepted, eventId: accepted.event.id })
  }
  const repeated = events.filter(({ event }) => !told.has(event.callId ?? ''))
  const earlier = await findEventIds(
    client,
    repeated.map(({ event }) => event),
  )
  for (const { event } of repeated) {
    const eventId = earlier.get(eventKey(event)) ?? null
    told.set(event.callId ?? '', { accepted: null, eventId })
  }
  return told
}

/** Names an update by what of it was new, so that the final text of an entry is an update again. */
function digest(
  sequences: readonly number[],
  entries: readonly { sequence: number; final: boolean }[],
): string {
  const finals = new Set(entries.filter(({ final }) => final).map(({ sequence }) => sequence))
  const named = sequences.map((sequence) => `${sequence}${finals.has(sequence) ? '' : '~'}`)
  return createHash('sha256').update(named.join(',')).digest('base64url')
}
