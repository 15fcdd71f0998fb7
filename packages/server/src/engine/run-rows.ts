// Rows of journey runs, from the queue to the end.

import type { Call, JsonObject } from '@bookend/contract'
import { analysisByTitle, type JourneyCall, type JourneyEvent } from '@bookend/core'
import type { Database, Queryable } from '../store/database.ts'
import { isHeld } from '../store/postgres/pauses.ts'
import { jsonColumn } from './json-column.ts'
import type { OpenRun } from './postgres-journal.ts'

export interface NewRun {
  readonly workspaceId: string
  readonly id: string
  readonly workflow: string
  readonly version: string
  readonly callId: string | null
  readonly agentId: string | null
  readonly eventId: string
  readonly key: string | null
  /** Why it will not run. */
  readonly error: string | null
}

/**
 * `exists`: the event has a run of this journey already (J2). `held`: it is for the waker to queue,
 * as its journey is paused, or one before it in its lane is to be queued still.
 */
export async function insertRun(
  client: Queryable,
  run: NewRun,
): Promise<'queued' | 'held' | 'exists'> {
  const { rows } = await client.query<{ entry: string | null }>(
    `with new as (
       select $1::uuid as workspace_id, $2::uuid as id, $3::text as workflow, $4::text as version,
         $5::text as status, $6::uuid as call_id, $7::uuid as agent_id, $8::text as event_id,
         $9::text as key, $10::text as error
     )
     insert into runs (workspace_id, id, kind, workflow, version, status, call_id, agent_id, event_id,
       key, entry, wake_at, queued_at, started_at, finished_at, duration_ms, error)
     select workspace_id, id, 'journey', workflow, version, status, call_id, agent_id, event_id, key,
       case when status = 'queued' and not held then id end,
       case when status = 'queued' and held then clock_timestamp() end,
       clock_timestamp(), clock_timestamp(),
       case when status = 'failed' then clock_timestamp() end,
       case when status = 'failed' then 0 end, error
     from (select new.*, ${isHeld('new')} or exists (
       select from runs before where before.workspace_id = new.workspace_id
         and before.workflow = new.workflow and before.key = new.key
         and before.status = 'queued' and before.entry is null) as held from new) judged
     on conflict do nothing returning entry`,
    [
      run.workspaceId,
      run.id,
      run.workflow,
      run.version,
      run.error === null ? 'queued' : 'failed',
      run.callId,
      run.agentId,
      run.eventId,
      run.key,
      run.error,
    ],
  )
  const [row] = rows
  if (row === undefined) return 'exists'
  return row.entry === null ? 'held' : 'queued'
}

/** What a run sees, the same on every execution of it. */
export interface RunInput {
  readonly event: JourneyEvent
  readonly call: JourneyCall | null
}

/** A run in the hands of one execution of it. */
export type OwnRun = Omit<OpenRun, 'callId'>

export interface RunHead {
  readonly workflow: string
  readonly version: string
  readonly call_id: string | null
  readonly event_id: string
  readonly key: string | null
  readonly input: RunInput | null
}

/** A process of the release before, beside this one while that is replaced, names no entries. */
const IS_ENTRY = `(entry = $4::uuid
  or (id = $4::uuid and entry is null and queued_at is null and wake_at is null))`

/**
 * Gives the run to an execution; null when it is over, waits outside of the queue, has another entry,
 * or is held because its journey is paused.
 */
export async function openRun(
  database: Database,
  { workspaceId, runId, execution }: OwnRun,
  entry: string,
): Promise<RunHead | null> {
  const [head] = await database.query<RunHead>(
    `update runs set execution = $3, status = 'running', wake_at = null, entry = $4,
       started_at = case when execution is null then clock_timestamp() else started_at end
     where workspace_id = $1 and id = $2 and kind = 'journey' and ${IS_ENTRY}
       and status in ('queued', 'running', 'waiting') and not ${isHeld('runs')}
     returning workflow, version, call_id, event_id, key, input`,
    [workspaceId, runId, execution, entry],
  )
  return head ?? null
}

export async function findEvent(
  database: Database,
  workspaceId: string,
  eventId: string,
): Promise<JourneyEvent | null> {
  const [row] = await database.query<{ type: string; payload: JsonObject; created_at: Date }>(
    'select type, payload, created_at from events where workspace_id = $1 and id = $2',
    [workspaceId, eventId],
  )
  if (row === undefined) return null
  const { type, payload, created_at } = row
  return { event_id: eventId, event_type: type, created_at: created_at.toISOString(), payload }
}

/** Keeps the first input that was stored, and answers it. */
export async function storeInput(
  database: Database,
  { workspaceId, runId }: Pick<OpenRun, 'workspaceId' | 'runId'>,
  input: RunInput,
): Promise<RunInput> {
  const [row] = await database.query<{ input: RunInput }>(
    `update runs set input = coalesce(input, $3::jsonb)
     where workspace_id = $1 and id = $2 returning input`,
    [workspaceId, runId, jsonColumn(input)],
  )
  return row?.input ?? input
}

/** Ends the run, unless another execution has it; steps that still wait are given up. */
export async function endRun(
  database: Database,
  { workspaceId, runId, execution }: OwnRun,
  error: string | null,
  failedStep: string | null = null,
): Promise<void> {
  await database.query(
    `with ended as (
       update runs set status = $4, error = $5, failed_step = $6, entry = null, wake_at = null,
         finished_at = clock_timestamp(),
         duration_ms = extract(epoch from clock_timestamp() - started_at) * 1000
       where workspace_id = $1 and id = $2 and execution = $3
         and status in ('running', 'waiting')
       returning workspace_id, id
     ), ${GIVE_UP}`,
    [workspaceId, runId, execution, error === null ? 'completed' : 'failed', error, failedStep],
  )
}

/** What is open in the runs that `ended` names: steps that wait, and questions nobody needs to answer. */
export const GIVE_UP = `questions as (
    update handoffs h set status = 'cancelled' from ended
    where h.workspace_id = ended.workspace_id and h.run_id = ended.id and h.status = 'open'
  )
  update run_steps s set status = 'skipped', wake_at = null from ended
  where s.workspace_id = ended.workspace_id and s.run_id = ended.id
    and s.status in ('running', 'waiting')`

/** Which entry of the queue may execute the run; null: none. */
export async function findEntry(
  database: Database,
  { workspaceId, runId }: Pick<OpenRun, 'workspaceId' | 'runId'>,
): Promise<string | null> {
  const [row] = await database.query<{ entry: string | null }>(
    'select entry from runs where workspace_id = $1 and id = $2',
    [workspaceId, runId],
  )
  return row?.entry ?? null
}

export const withAnalysis = (call: Call | null): JourneyCall | null =>
  call === null ? null : { ...call, analysis: analysisByTitle(call) }
