import type { CallStatus, TranscriptEntry } from '@bookend/contract'
import type { Queryable } from '../database.ts'

/** What a viewer of a call hears of next. */
export interface LiveCall {
  readonly status: CallStatus
  readonly endedAt: Date | null
  /** In the order in which they were written. */
  readonly entries: readonly LiveEntry[]
  /** There are more than these. */
  readonly hasMore: boolean
}

export interface LiveEntry extends TranscriptEntry {
  /** Grows with each entry that is written or becomes final. */
  readonly revision: number
  readonly final: boolean
}

interface EntryRow extends Omit<TranscriptEntry, 'timestamp'> {
  readonly revision: number
  readonly spoken_at: Date | null
  readonly is_final: boolean
}

const PAGE = 100

/** The call with what was written to its transcript behind `after`; null when there is none. */
export async function readLiveCall(
  client: Queryable,
  workspaceId: string,
  callId: string,
  after: number,
): Promise<LiveCall | null> {
  // The call before its entries: of a call that has ended, no entry from before the end is missed.
  const { rows: calls } = await client.query<{ status: CallStatus; ended_at: Date | null }>(
    'select status, ended_at from calls where workspace_id = $1 and id = $2',
    [workspaceId, callId],
  )
  const [call] = calls
  if (call === undefined) return null
  const { rows } = await client.query<EntryRow>(
    `select revision, sequence, role, text, spoken_at, is_final, function_name, arguments
     from transcript_entries where workspace_id = $1 and call_id = $2 and revision > $3
     order by revision limit $4`,
    [workspaceId, callId, after, PAGE + 1],
  )
  const entries = rows.slice(0, PAGE).map(({ spoken_at, is_final, ...entry }) => ({
    ...entry,
    timestamp: spoken_at?.toISOString() ?? null,
    final: is_final,
  }))
  const { status, ended_at: endedAt } = call
  return { status, endedAt, entries, hasMore: rows.length > PAGE }
}
