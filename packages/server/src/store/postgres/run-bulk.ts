// Runs that a filter finds, page by page, for what is done to many of them.

import type { RunBulk, RunStatus } from '@bookend/contract'
import type { Queryable } from '../database.ts'

export interface BulkRun {
  readonly id: string
  readonly status: RunStatus
  readonly callId: string | null
  /** Nobody can tell whether the step that failed it was done. */
  readonly isMaybeDone: boolean
}

export interface BulkPage {
  readonly ids: readonly string[]
  /** Behind the last of them; null: there are no more. */
  readonly after: BulkCursor | null
}

interface BulkCursor {
  readonly at: string
  readonly id: string
}

/** Oldest first, journeys only. */
export async function findRunsToOperate(
  client: Queryable,
  workspaceId: string,
  { filter, statuses }: { filter: RunBulk['filter']; statuses: readonly RunStatus[] },
  after: BulkCursor | null,
  limit: number,
): Promise<BulkPage> {
  const { rows } = await client.query<{ id: string; at: string }>(
    `select r.id, r.started_at::text as at from runs r
     where r.workspace_id = $1 and r.kind = 'journey' and r.status = any($2::text[])
       and ($3::text is null or r.workflow = $3)
       and ($4::timestamptz is null or r.started_at >= $4)
       and ($5::timestamptz is null or r.started_at < $5)
       and ($6::text is null or r.failed_step = $6)
       and ($7::uuid is null or r.call_id = $7)
       and ($8::timestamptz is null or (r.started_at, r.id) > ($8::timestamptz, $9::uuid))
     order by r.started_at, r.id limit $10`,
    [
      workspaceId,
      statuses,
      filter.workflow ?? null,
      filter.since ?? null,
      filter.until ?? null,
      filter.failed_step ?? null,
      filter.call_id ?? null,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
    ],
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const hasMore = rows.length > limit
  return { ids: page.map(({ id }) => id), after: hasMore && last !== undefined ? last : null }
}

/** What they are now, locked in the order of their ids until the transaction ends. */
export async function lockRuns(
  client: Queryable,
  workspaceId: string,
  runIds: readonly string[],
): Promise<readonly BulkRun[]> {
  const { rows } = await client.query<BulkRun>(
    `select r.id, r.status, r.call_id as "callId", exists (
       select from run_steps s where s.workspace_id = r.workspace_id and s.run_id = r.id
         and s.name = r.failed_step and s.status = 'failed' and s.error like 'maybe done: %'
     ) as "isMaybeDone"
     from runs r where r.workspace_id = $1 and r.id = any($2::uuid[])
     order by r.id for no key update of r`,
    [workspaceId, runIds],
  )
  return rows
}
