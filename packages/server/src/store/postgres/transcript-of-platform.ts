import type { TranscriptEntry } from '@bookend/platforms'
import type { Queryable } from '../database.ts'
import type { CallRow } from './call-row.ts'

const TEXT_MAX = 20_000

/**
 * Makes the transcript of a call what its platform says it is; the call is locked by the caller.
 *
 * @returns The sequences that are new or read otherwise than before.
 */
export async function replaceTranscript(
  client: Queryable,
  call: Pick<CallRow, 'workspace_id' | 'id' | 'started_at'>,
  entries: readonly TranscriptEntry[],
): Promise<readonly number[]> {
  const key = [call.workspace_id, call.id]
  const rows = entries.map((entry, sequence) => ({
    sequence,
    role: entry.role,
    text: entry.text.slice(0, TEXT_MAX),
    spoken_at: spokenAt(entry, call.started_at),
    function_name: entry.function_name ?? null,
    arguments: entry.arguments ?? null,
  }))
  const { rows: changed } = await client.query<{ sequence: number }>(
    `insert into transcript_entries as t
       (workspace_id, call_id, sequence, role, text, spoken_at, is_final, function_name, arguments)
     select $1, $2, e.sequence, e.role, e.text, e.spoken_at, true, e.function_name, e.arguments
     from jsonb_to_recordset($3) as e (sequence integer, role text, text text,
       spoken_at timestamptz, function_name text, arguments jsonb)
     on conflict (workspace_id, call_id, sequence) do update
       set role = excluded.role, text = excluded.text, spoken_at = excluded.spoken_at,
         function_name = excluded.function_name, arguments = excluded.arguments,
         revision = excluded.revision
       where (t.role, t.text, t.spoken_at, t.function_name, t.arguments) is distinct from
         (excluded.role, excluded.text, excluded.spoken_at, excluded.function_name,
          excluded.arguments)
     returning sequence`,
    [...key, JSON.stringify(rows)],
  )
  await client.query(
    `delete from transcript_entries
     where workspace_id = $1 and call_id = $2 and sequence >= $3`,
    [...key, entries.length],
  )
  return changed.map(({ sequence }) => sequence).toSorted((a, b) => a - b)
}

function spokenAt(
  { timestamp, offset_ms: offsetMs }: TranscriptEntry,
  startedAt: Date | string | null,
): string | null {
  if (timestamp !== null) return timestamp
  if (offsetMs === null || startedAt === null) return null
  return new Date(new Date(startedAt).getTime() + offsetMs).toISOString()
}
