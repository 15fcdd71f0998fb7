// What is written to a call while it goes on, and when it ends.

import type {
  AnalysisResult,
  CallComplete,
  CallStatus,
  TranscriptEntryInput,
} from '@bookend/contract'
import { advanceStatus, endOf, statusAtEnd } from '@bookend/core'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'
import type { CallRow } from './call-row.ts'

/**
 * Stores what is new of these entries: each sequence once, and a final text over an interim one.
 *
 * @returns The sequences that were new or became final.
 */
export async function appendEntries(
  client: Queryable,
  call: Pick<CallRow, 'workspace_id' | 'id'>,
  entries: readonly TranscriptEntryInput[],
): Promise<readonly number[]> {
  const bySequence = new Map<number, TranscriptEntryInput>()
  for (const entry of entries) {
    const earlier = bySequence.get(entry.sequence)
    if (earlier === undefined || (entry.final && !earlier.final)) {
      bySequence.set(entry.sequence, entry)
    }
  }
  // In one order for everybody, so that two writers of one call cannot wait for each other.
  const ordered = [...bySequence.values()].toSorted((a, b) => a.sequence - b.sequence)
  const { rows } = await client.query<{ sequence: number }>(
    `insert into transcript_entries as t
       (workspace_id, call_id, sequence, role, text, spoken_at, is_final, function_name, arguments)
     select $1, $2, e.sequence, e.role, e.text, e.timestamp, e.final, e.function_name, e.arguments
     from jsonb_to_recordset($3) as e (sequence integer, role text, text text,
       timestamp timestamptz, final boolean, function_name text, arguments jsonb)
     on conflict (workspace_id, call_id, sequence) do update
       set role = excluded.role, text = excluded.text, spoken_at = excluded.spoken_at,
         is_final = true, function_name = excluded.function_name, arguments = excluded.arguments,
         revision = excluded.revision
       where not t.is_final and excluded.is_final
     returning sequence`,
    [call.workspace_id, call.id, JSON.stringify(ordered)],
  )
  return rows.map(({ sequence }) => sequence).toSorted((a, b) => a - b)
}

export async function setStatus(
  client: Queryable,
  call: CallRow,
  next: CallStatus,
): Promise<CallRow> {
  const status = advanceStatus(call.status, next)
  if (status === call.status) return call
  await client.query('update calls set status = $3 where workspace_id = $1 and id = $2', [
    call.workspace_id,
    call.id,
    status,
  ])
  return { ...call, status }
}

/** Writes the end that was reported; a call that has ended before keeps the end it has. */
export async function completeCall(
  client: Queryable,
  call: CallRow,
  report: CallComplete,
  now: Date,
  end: CallStatus = statusAtEnd(report),
): Promise<CallRow> {
  if (call.ended_at !== null) return call
  const dates = { startedAt: asDate(call.started_at), createdAt: new Date(call.created_at) }
  const reportedAt = report.ended_at === undefined ? null : new Date(report.ended_at)
  const { endedAt, durationS, flags } = endOf(dates, reportedAt, now)
  const { rows } = await client.query<CallRow>(
    `update calls set status = $3, ended_at = $4, duration_s = $5, ended_reason = $6,
       answered_by = $7, transferred = $8, recording_url = $9, summary = $10,
       analysis_results = $11, flags = flags || $12
     where workspace_id = $1 and id = $2 returning *`,
    [
      call.workspace_id,
      call.id,
      advanceStatus(call.status, end),
      endedAt,
      durationS,
      report.ended_reason,
      report.answered_by,
      report.transferred || call.status === 'transferred',
      report.recording_url,
      report.summary,
      JSON.stringify(describeResults(call, report.analysis_results)),
      flags,
    ],
  )
  return first(rows)
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
