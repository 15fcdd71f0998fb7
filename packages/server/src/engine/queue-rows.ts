// DBOS's table of workflows, where its interface does not reach: which workers have runs, and runs
// put back in the queue they came from. The statements are those of its own recovery; its version is
// pinned, and the tests of this folder hold what they rely on.

import type { Queryable } from '../store/database.ts'

/** What DBOS scopes its rows by: all that share these share their queues. */
export const application = { name: 'bookend', version: '1' } as const
export const systemSchema = 'dbos'

const TABLE = `${systemSchema}.workflow_status`
const PUT_BACK = `update ${TABLE} set status = 'ENQUEUED', started_at_epoch_ms = null, owner_xid = null,
  updated_at = (extract(epoch from now()) * 1000)::bigint`
/** Long enough for a claimed run to have begun. */
const STRANDED_AFTER_MS = 15_000

/**
 * Puts a run behind all others of its lane. Rows are taken in the order of their millisecond, which
 * those of one transaction share.
 */
export async function putLastInLane(client: Queryable, runId: string, lane: string): Promise<void> {
  await client.query(
    `update ${TABLE} run set created_at = greatest(run.created_at, (
       select max(other.created_at) + 1 from ${TABLE} other
       where other.queue_name = run.queue_name and other.queue_partition_key = $2
         and other.status in ('ENQUEUED', 'PENDING') and other.workflow_uuid <> $1))
     where run.workflow_uuid = $1`,
    [runId, lane],
  )
}

/** Puts a run that comes back before those of its lane that were queued after it. */
export async function putBackInLane(
  client: Queryable,
  entry: string,
  queuedAt: Date,
): Promise<void> {
  await client.query(
    `update ${TABLE} set created_at = least(created_at, $2::bigint) where workflow_uuid = $1`,
    [entry, queuedAt.getTime()],
  )
}

export interface EntryCopy {
  readonly entry: string
  readonly runId: string
  readonly workspaceId: string
  readonly lane: string | null
  /** Keeps a run's place in its lane. */
  readonly queuedAt: Date | null
}

/**
 * Puts runs in the queue that `model` was put in a moment ago, in this transaction: two rows each, as
 * DBOS wrote them for it.
 */
export async function copyEntry(
  client: Queryable,
  model: Pick<EntryCopy, 'entry' | 'runId' | 'workspaceId'>,
  copies: readonly EntryCopy[],
): Promise<void> {
  if (copies.length === 0) return
  await client.query(
    `with model as (
       select to_jsonb(s) as status, i.inputs from ${TABLE} s
         join ${systemSchema}.workflow_input i using (workflow_uuid) where workflow_uuid = $1
     ), given as materialized (
       select * from jsonb_to_recordset($4::jsonb) as g ("entry" text, "runId" text,
         "workspaceId" text, "lane" text, "queuedMs" bigint)
     ), statuses as (
       insert into ${TABLE} select row.* from model, given g,
         lateral jsonb_populate_record(null::${TABLE}, model.status || jsonb_build_object(
           'workflow_uuid', g.entry, 'queue_partition_key', g.lane, 'creator_xid', g.entry,
           'created_at', coalesce(g."queuedMs", (model.status ->> 'created_at')::bigint))) row
     )
     insert into ${systemSchema}.workflow_input (workflow_uuid, inputs)
     select g.entry, replace(replace(model.inputs, $2, g."runId"), $3, g."workspaceId")
     from model, given g`,
    [
      model.entry,
      model.runId,
      model.workspaceId,
      JSON.stringify(
        copies.map(({ queuedAt, ...copy }) => ({ ...copy, queuedMs: queuedAt?.getTime() ?? null })),
      ),
    ],
  )
}

/** Ids of the workers other than this one that have runs in hand. */
export async function workersWithRuns(
  client: Queryable,
  workerId: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ executor_id: string }>(
    `select distinct executor_id from ${TABLE}
     where status = 'PENDING' and application_name = $1 and executor_id <> $2`,
    [application.name, workerId],
  )
  return rows.map(({ executor_id }) => executor_id)
}

/** How many runs of a worker went back in their queues. */
export async function releaseRuns(client: Queryable, workerId: string): Promise<number> {
  const { rowCount } = await client.query(
    `${PUT_BACK} where status = 'PENDING' and application_name = $1 and executor_id = $2`,
    [application.name, workerId],
  )
  return rowCount ?? 0
}

/** A claim whose answer was lost leaves runs that are this worker's and that it does not know of. */
export async function releaseStrandedRuns(
  client: Queryable,
  workerId: string,
  executing: ReadonlySet<string>,
): Promise<number> {
  const { rows } = await client.query<{ workflow_uuid: string }>(
    `select workflow_uuid from ${TABLE}
     where status = 'PENDING' and application_name = $1 and executor_id = $2
       and started_at_epoch_ms < (extract(epoch from now()) * 1000)::bigint - $3::bigint`,
    [application.name, workerId, STRANDED_AFTER_MS],
  )
  const stranded = rows.map(({ workflow_uuid }) => workflow_uuid).filter((id) => !executing.has(id))
  if (stranded.length === 0) return 0
  const { rowCount } = await client.query(
    `${PUT_BACK} where workflow_uuid = any($1) and status = 'PENDING' and executor_id = $2`,
    [stranded, workerId],
  )
  return rowCount ?? 0
}

const SWEEP_BATCH = 1_000
/** So many that a sweep every ten minutes keeps up with more than 300 entries a second. */
const SWEEP_BATCHES_MAX = 200

/**
 * Deletes entries that are over; what their runs did is in `runs`. In small statements, as each holds
 * up nobody. Answers how many.
 */
export async function sweepEndedEntries(client: Queryable): Promise<number> {
  let swept = 0
  for (let batch = 0; batch < SWEEP_BATCHES_MAX; batch += 1) {
    const { rowCount } = await client.query(
      `delete from ${TABLE} where workflow_uuid in (
         select workflow_uuid from ${TABLE}
         where completed_at < (extract(epoch from now() - interval '1 hour') * 1000)::bigint
           and application_name = $1
         limit ${SWEEP_BATCH})`,
      [application.name],
    )
    swept += rowCount ?? 0
    if ((rowCount ?? 0) < SWEEP_BATCH) break
  }
  return swept
}
