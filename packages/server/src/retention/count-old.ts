// What a sweep would delete now, without deleting it.

import type { Retention, RetentionPreview } from '@bookend/contract'
import type { Queryable } from '../store/database.ts'
import { daysOf } from './days-of.ts'

const COUNT_MAX = 10_000

const FROM = {
  calls: `calls c where workspace_id = $1 and created_at < now() - make_interval(days => $2)
    and not exists (select 1 from runs r where r.workspace_id = c.workspace_id
      and r.call_id = c.id and r.status in ('queued', 'running', 'waiting'))`,
  transcripts: `(select distinct call_id from transcript_entries where workspace_id = $1
    and received_at < now() - make_interval(days => $2)) as spoken where true`,
  runs: `runs where workspace_id = $1 and started_at < now() - make_interval(days => $2)
    and status not in ('queued', 'running', 'waiting')`,
  deliveries: `deliveries where workspace_id = $1 and status <> 'pending'
    and created_at < now() - make_interval(days => $2)`,
} as const satisfies Record<keyof RetentionPreview, string>

/** Calls count once, with all that goes with them; each kind to 10,000 at most. */
export async function countOld(
  client: Queryable,
  workspaceId: string,
  retention: Retention,
  serverDays: number,
): Promise<RetentionPreview> {
  const { calls, transcripts, runs, deliveries } = daysOf(retention, serverDays)
  const count = async (kind: keyof RetentionPreview, days: number | null): Promise<number> => {
    if (days === null || days === 0) return 0
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from (select 1 from ${FROM[kind]} limit ${COUNT_MAX}) as old`,
      [workspaceId, days],
    )
    return rows[0]?.count ?? 0
  }
  return {
    calls: await count('calls', calls),
    transcripts: await count('transcripts', transcripts),
    runs: await count('runs', runs ?? calls),
    deliveries: await count('deliveries', deliveries),
  }
}
