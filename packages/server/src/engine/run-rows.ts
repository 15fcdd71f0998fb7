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
  /** Null: no step of it is recorded. */
  readonly input: RunInput | null
  /** What it is of, when there is no input yet; null then: it is no longer stored. */
  readonly event: StoredTrigger | null
}

/** An event as it comes out of JSON. */
interface StoredTrigger {
  readonly event_id: string
  readonly event_type: string
  readonly payload: JsonObject
  readonly created_at: string
}

/** Keeps the first input that was stored. */
export async function storeInput(
  database: Pick<Database, 'query'>,
  { workspaceId, runId, execution }: OwnRun,
  input: RunInput,
): Promise<void> {
  await database.query(
    `update runs set input = coalesce(input, $4::jsonb)
     where workspace_id = $1 and id = $2 and execution = $3`,
    [workspaceId, runId, execution, jsonColumn(input)],
  )
}

/**
 * Questions that nobody needs to answer any more, of the runs that `ended` names. By lists, so that no
 * plan begins with all that are open.
 */
export const GIVE_UP_QUESTIONS = `questions as (
    update handoffs h set status = 'cancelled'
    where h.workspace_id = any(array(select workspace_id from ended))
      and h.run_id = any(array(select id from ended)) and h.status = 'open'
  )`
/** Steps of theirs that are open. */
export const GIVE_UP_STEPS = `
  update run_steps s set status = 'skipped', wake_at = null from ended
  where s.workspace_id = ended.workspace_id and s.run_id = ended.id
    and s.status in ('running', 'waiting')`

/** What is open in the runs that `ended` names, as the end of a statement. */
export const GIVE_UP = `${GIVE_UP_QUESTIONS} ${GIVE_UP_STEPS}`

/** Which entry of the queue may execute the run; null: none. */
export async function findEntry(
  database: Pick<Database, 'query'>,
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
