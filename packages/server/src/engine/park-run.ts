// Runs that wait outside of the queue, and how they come back into it.
//
//   executed ─▶ parked: no entry, a time ─▶ due, or woken before it ─▶ a new entry in the queue
//
// W1. A run has at most one entry in the queue, and only that one may execute it: `runs.entry`. A
//     run without one waits, or is over.
// W2. Whatever wakes a run brings its `wake_at` forward in its own transaction, whether it is parked
//     or not. Parking keeps the earlier of the two, so nothing that came in between is slept through.
// W3. It takes up its lane before the runs that were queued after it.
// W4. A run whose journey is paused has no entry until that goes on, and is due all the while.
// W5. A crowd of due runs of one workspace keeps nobody else's waiting: they come back in turn (F28).

import { randomUUID } from 'node:crypto'
import { derivedId } from '@bookend/core'
import type pg from 'pg'
import type { Database, Queryable } from '../store/database.ts'
import { isHeld } from '../store/postgres/pauses.ts'
import type { PutInQueue, PutManyInQueue, QueuedRun } from './enqueue.ts'
import type { OwnRun } from './run-rows.ts'

const BATCH = 200
/** One process at a time brings runs back: two would be at the same ones. */
const TURN_LOCK = 4_400_010

/** Lets go of the run until then; nothing, if it is no longer this execution's. */
export async function parkRun(
  database: Pick<Database, 'query'>,
  { workspaceId, runId, execution }: OwnRun,
  waitMs: number,
): Promise<void> {
  await database.query(
    `update runs set status = 'waiting', entry = null, execution = gen_random_uuid(),
       wake_at = least(wake_at, clock_timestamp() + $4::double precision * interval '1 millisecond')
     where workspace_id = $1 and id = $2 and execution = $3 and status in ('running', 'waiting')`,
    [workspaceId, runId, execution, Math.max(0, waitMs)],
  )
}

/** Takes a run out of the queue that came up for execution while its journey is paused (W4). */
export async function holdRun(
  database: Pick<Database, 'query'>,
  { workspaceId, runId }: Pick<OwnRun, 'workspaceId' | 'runId'>,
  entry: string,
): Promise<void> {
  await database.query(
    `update runs set entry = null, wake_at = clock_timestamp(),
       status = case when execution is null then 'queued' else 'waiting' end,
       execution = case when execution is not null then gen_random_uuid() end
     where workspace_id = $1 and id = $2 and entry = $3
       and status in ('queued', 'running', 'waiting') and ${isHeld('runs')}`,
    [workspaceId, runId, entry],
  )
}

/** Has these runs look anew at what they wait for. Answers those that are under way. */
export async function wakeRuns(
  client: Queryable,
  workspaceId: string,
  runIds: readonly string[],
): Promise<readonly string[]> {
  if (runIds.length === 0) return []
  const { rows } = await client.query<{ id: string }>(
    `update runs r set wake_at = least(r.wake_at, clock_timestamp())
     from (select id from runs where workspace_id = $1 and id = any($2::uuid[])
           order by id for update) due
     where r.workspace_id = $1 and r.id = due.id and r.status in ('queued', 'running', 'waiting')
     returning r.id`,
    [workspaceId, runIds],
  )
  return rows.map(({ id }) => id)
}

/**
 * How many parked runs that are due went back into the queue; at most a batch of them. The oldest of
 * each workspace take turns (W5).
 */
export async function queueDueRuns(
  client: pg.PoolClient,
  putManyInQueue: PutManyInQueue,
): Promise<{ count: number; isFull: boolean }> {
  await client.query('select pg_advisory_xact_lock($1)', [TURN_LOCK])
  const { rows } = await client.query<DueRun & { due: number }>(
    `with due as materialized (
       select oldest.workspace_id, oldest.id, oldest.wake_at,
         row_number() over (partition by oldest.workspace_id order by oldest.wake_at) as turn
       from workspaces w cross join lateral (
         select r.workspace_id, r.id, r.wake_at from runs r
         where r.workspace_id = w.id and ${IS_DUE} and not ${isHeld('r')}
         order by r.wake_at limit ${BATCH}) oldest
       order by turn, oldest.wake_at limit ${BATCH}
     )
     select r.workspace_id, r.id, r.workflow, r.key, coalesce(r.queued_at, r.started_at) as queued_at,
       (select count(*) from due)::int as due
     from due join runs r on r.workspace_id = due.workspace_id and r.id = due.id
     where ${IS_DUE} order by due.turn, due.wake_at for update of r skip locked`,
  )
  if (rows.length === 0) return { count: 0, isFull: false }
  const entries = rows.map((run) => ({ ...run, entry: randomUUID() }))
  await client.query(
    `update runs r set entry = given.entry, wake_at = null
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as given (workspace_id, id, entry)
     where r.workspace_id = given.workspace_id and r.id = given.id`,
    [
      entries.map(({ workspace_id }) => workspace_id),
      entries.map(({ id }) => id),
      entries.map(({ entry }) => entry),
    ],
  )
  await putManyInQueue(client, entries.map(queuedRun))
  // Somebody is at the rest of them: an operator, or what wakes them.
  return { count: rows.length, isFull: rows[0]?.due === BATCH }
}

/** Of `r`. A time that stands still in the statement: only such a one is looked up in an index. */
const IS_DUE = `r.wake_at <= statement_timestamp() and r.entry is null
  and r.status in ('queued', 'waiting')`

interface DueRun {
  readonly workspace_id: string
  readonly id: string
  readonly workflow: string
  readonly key: string | null
  readonly queued_at: Date
}

/**
 * Puts a run that has no entry into the queue, in the place that it had. Its row is locked, and it
 * is neither over nor executed.
 */
export async function giveEntry(
  client: pg.PoolClient,
  putInQueue: PutInQueue,
  workspaceId: string,
  runId: string,
): Promise<void> {
  const entry = randomUUID()
  const { rows } = await client.query<DueRun>(
    `update runs set entry = $3, wake_at = null where workspace_id = $1 and id = $2
     returning workspace_id, id, workflow, key, coalesce(queued_at, started_at) as queued_at`,
    [workspaceId, runId, entry],
  )
  const [row] = rows
  if (row !== undefined) await putInQueue(client, queuedRun({ ...row, entry }))
}

function queuedRun({
  workspace_id: workspaceId,
  id: runId,
  workflow,
  key,
  queued_at: queuedAt,
  entry,
}: DueRun & { readonly entry: string }): QueuedRun {
  return { workspaceId, runId, entry, lane: laneOf(workspaceId, workflow, key), queuedAt }
}

/** Runs of one lane go one after the other (J5); null: side by side. */
export const laneOf = (workspaceId: string, workflow: string, key: string | null): string | null =>
  key === null ? null : derivedId(workspaceId, `${workflow}/${key}`)
