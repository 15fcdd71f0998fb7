// What is written to a call while it goes on, and when it ends.

import type {
  AnalysisResult,
  CallComplete,
  CallStatus,
  TranscriptEntryInput,
} from '@bookend/contract'
import { advanceStatus, endOf, statusAtEnd } from '@bookend/core'
import type { Queryable } from '../database.ts'
import type { CallRow } from './call-row.ts'

/** As much of a call as writing to its transcript needs. */
export type CallHead = Pick<CallRow, 'workspace_id' | 'id' | 'status'>

/** Of these calls, each locked by the caller. */
export interface Append {
  readonly call: Pick<CallHead, 'workspace_id' | 'id'>
  readonly entries: readonly TranscriptEntryInput[]
}

/**
 * Stores what is new of these entries: each sequence once, and a final text over an interim one.
 *
 * @returns By the call's id, the sequences that were new or became final.
 */
export async function appendEntries(
  client: Queryable,
  appends: readonly Append[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const given = appends.flatMap(({ call, entries }) =>
    firstOfEach(entries).map((entry) => ({ entry, call })),
  )
  if (given.length === 0) return new Map()
  const { rows } = await client.query<{ call_id: string; sequence: number }>(
    `insert into transcript_entries as t
       (workspace_id, call_id, sequence, role, text, spoken_at, is_final, function_name, arguments)
     select e.workspace_id, e.call_id, e.sequence, e.role, e.text, e.timestamp, e.final,
       e.function_name, e.arguments::jsonb
     from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[],
         $7::boolean[], $8::text[], $9::text[])
       as e (workspace_id, call_id, sequence, role, text, timestamp, final, function_name, arguments)
     on conflict (workspace_id, call_id, sequence) do update
       set role = excluded.role, text = excluded.text, spoken_at = excluded.spoken_at,
         is_final = true, function_name = excluded.function_name, arguments = excluded.arguments,
         revision = excluded.revision
       where not t.is_final and excluded.is_final
     returning call_id, sequence`,
    [
      given.map(({ call }) => call.workspace_id),
      given.map(({ call }) => call.id),
      given.map(({ entry }) => entry.sequence),
      given.map(({ entry }) => entry.role),
      given.map(({ entry }) => entry.text),
      given.map(({ entry }) => entry.timestamp),
      given.map(({ entry }) => entry.final),
      given.map(({ entry }) => entry.function_name),
      given.map(({ entry }) => (entry.arguments === null ? null : JSON.stringify(entry.arguments))),
    ],
  )
  const byCall = new Map<string, number[]>()
  for (const { call_id: callId, sequence } of rows.toSorted((a, b) => a.sequence - b.sequence)) {
    const sequences = byCall.get(callId)
    if (sequences === undefined) byCall.set(callId, [sequence])
    else sequences.push(sequence)
  }
  return byCall
}

/** Each sequence once, the final text before an interim one, in their order. */
function firstOfEach(entries: readonly TranscriptEntryInput[]): readonly TranscriptEntryInput[] {
  const bySequence = new Map<number, TranscriptEntryInput>()
  for (const entry of entries) {
    const earlier = bySequence.get(entry.sequence)
    if (earlier === undefined || (entry.final && !earlier.final)) {
      bySequence.set(entry.sequence, entry)
    }
  }
  return [...bySequence.values()].toSorted((a, b) => a.sequence - b.sequence)
}

/** The calls as they are afterwards; those that are further along already, as they were. */
export async function setStatus<C extends CallHead>(
  client: Queryable,
  calls: readonly C[],
  next: CallStatus,
): Promise<readonly C[]> {
  const behind = calls.filter(({ status }) => advanceStatus(status, next) !== status)
  if (behind.length > 0) {
    await client.query(
      `update calls c set status = $3 from unnest($1::uuid[], $2::uuid[]) as k (workspace_id, id)
       where c.workspace_id = k.workspace_id and c.id = k.id`,
      [behind.map((call) => call.workspace_id), behind.map(({ id }) => id), next],
    )
  }
  return calls.map((call) => ({ ...call, status: advanceStatus(call.status, next) }))
}

export interface Completion {
  readonly call: CallRow
  readonly report: CallComplete
  /** Left out: what the report says. */
  readonly end?: CallStatus
}

/** Writes the ends that were reported; a call that has ended before keeps the end it has. */
export async function completeCalls(
  client: Queryable,
  completions: readonly Completion[],
  now: Date,
): Promise<readonly CallRow[]> {
  const open = completions.filter(({ call }) => call.ended_at === null)
  if (open.length === 0) return completions.map(({ call }) => call)
  const ends = open.map((completion) => endCall(completion, now))
  await client.query(
    `update calls c set status = e.status, ended_at = e.ended_at, duration_s = e.duration_s,
       ended_reason = e.ended_reason, answered_by = e.answered_by, transferred = e.transferred,
       recording_url = e.recording_url, summary = e.summary,
       analysis_results = e.analysis_results::jsonb, flags = c.flags || string_to_array(e.flags, ',')
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::integer[], $6::text[],
         $7::text[], $8::boolean[], $9::text[], $10::text[], $11::text[], $12::text[])
       as e (workspace_id, id, status, ended_at, duration_s, ended_reason, answered_by, transferred,
         recording_url, summary, analysis_results, flags)
     where c.workspace_id = e.workspace_id and c.id = e.id`,
    [
      ends.map((call) => call.workspace_id),
      ends.map((call) => call.id),
      ends.map((call) => call.status),
      ends.map((call) => call.ended_at),
      ends.map((call) => call.duration_s),
      ends.map((call) => call.ended_reason),
      ends.map((call) => call.answered_by),
      ends.map((call) => call.transferred),
      ends.map((call) => call.recording_url),
      ends.map((call) => call.summary),
      ends.map((call) => JSON.stringify(call.analysis_results)),
      ends.map((call) => call.addedFlags.join(',')),
    ],
  )
  const ended = new Map(ends.map(({ addedFlags: _, ...call }) => [call.id, call]))
  return completions.map(({ call }) => ended.get(call.id) ?? call)
}

/** The call as it will be stored, so that nobody has to read it back. */
function endCall({ call, report, end }: Completion, now: Date): CallRow & { addedFlags: string[] } {
  const dates = { startedAt: asDate(call.started_at), createdAt: new Date(call.created_at) }
  const reportedAt = report.ended_at === undefined ? null : new Date(report.ended_at)
  const { endedAt, durationS, flags } = endOf(dates, reportedAt, now)
  return {
    ...call,
    status: advanceStatus(call.status, end ?? statusAtEnd(report)),
    ended_at: endedAt,
    duration_s: durationS,
    ended_reason: report.ended_reason,
    answered_by: report.answered_by,
    transferred: report.transferred || call.status === 'transferred',
    recording_url: report.recording_url,
    summary: report.summary,
    analysis_results: describeResults(call, report.analysis_results),
    flags: [...call.flags, ...flags],
    addedFlags: [...flags],
  }
}

/** Results with title and prompt of the analyzer they answer, where the sender left them out. */
function describeResults(
  call: CallRow,
  results: readonly AnalysisResult[],
): readonly AnalysisResult[] {
  return results.map((result) => {
    const analyzer = call.agent.analyzers.find(
      ({ id, title }) => id === (result.analyzer_id ?? result.id) || title === result.title,
    )
    if (analyzer === undefined) return result
    const { id, title, prompt, output_config } = analyzer
    const known = output_config === undefined ? {} : { output_config }
    return { title, prompt, ...known, ...result, analyzer_id: id }
  })
}

const asDate = (instant: Date | string | null): Date | null =>
  instant === null ? null : new Date(instant)
