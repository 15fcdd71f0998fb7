// What people do to journey runs: cancel, go on, run once more.
//
// O1. History is not edited: a step that finished keeps its outcome, an attempt stays listed.
// O2. A run that goes on, or is cancelled, is in nobody's hands: an execution that still has it
//     records nothing more (F30).

import type { RunStatus } from '@bookend/contract'
import { createId } from '@bookend/core'
import { GIVE_UP } from '../../engine/run-rows.ts'
import type { Queryable } from '../database.ts'

export interface LockedRun {
  readonly kind: 'pre-call' | 'journey'
  readonly status: RunStatus
  readonly workflow: string
  readonly version: string
  readonly call_id: string | null
  readonly failed_step: string | null
}

export async function lockRun(
  client: Queryable,
  workspaceId: string,
  runId: string,
): Promise<LockedRun | null> {
  const { rows } = await client.query<LockedRun>(
    `select kind, status, workflow, version, call_id, failed_step from runs
     where workspace_id = $1 and id = $2 for no key update`,
    [workspaceId, runId],
  )
  return rows[0] ?? null
}

export async function cancelRuns(
  client: Queryable,
  workspaceId: string,
  runIds: readonly string[],
): Promise<void> {
  await client.query(
    `with ended as (
       update runs set status = 'cancelled', entry = null, wake_at = null,
         execution = gen_random_uuid(), finished_at = clock_timestamp(),
         duration_ms = extract(epoch from clock_timestamp() - started_at) * 1000
       where workspace_id = $1 and id = any($2::uuid[]) returning workspace_id, id
     ), ${GIVE_UP}`,
    [workspaceId, runIds],
  )
}

/**
 * The failed runs wait for their queue again, which takes them up by and by; what was given up when
 * they failed goes on.
 */
export async function reopenRuns(
  client: Queryable,
  workspaceId: string,
  runIds: readonly string[],
): Promise<void> {
  await client.query(
    `update runs set status = 'queued', error = null, failed_step = null, finished_at = null,
       duration_ms = null, entry = null, wake_at = clock_timestamp(),
       execution = case when execution is not null then gen_random_uuid() end
     where workspace_id = $1 and id = any($2::uuid[])`,
    [workspaceId, runIds],
  )
  await client.query(
    `update run_steps s set status = 'waiting', wake_at = ${DUE_AT} from runs r
     where s.workspace_id = $1 and s.run_id = any($2::uuid[]) and s.status = 'skipped'
       and r.workspace_id = s.workspace_id and r.id = s.run_id`,
    [workspaceId, runIds],
  )
  await client.query(
    `update handoffs set status = 'open'
     where workspace_id = $1 and run_id = any($2::uuid[]) and status = 'cancelled'`,
    [workspaceId, runIds],
  )
}

const DUE_AT = `case when s.kind <> 'step'
  then r.started_at + (s.start_ms + s.limit_ms) * interval '1 millisecond' end`

/**
 * Of runs that are failed still: clears the outcome of the step that failed each, and of those that
 * failed with it or after it. One that failed before, and did not fail the run, was caught by the
 * journey. Nothing, if it was no step's failure.
 */
export async function clearFailedSteps(
  client: Queryable,
  workspaceId: string,
  runIds: readonly string[],
): Promise<void> {
  await client.query(
    `with failed as (
       select run_id, name, start_ms + coalesce(duration_ms, 0) as end_ms from run_steps
       where workspace_id = $1 and run_id = any($2::uuid[]) and status = 'failed'
     ), first as (
       select failed.run_id, end_ms from failed join runs r on r.workspace_id = $1
         and r.id = failed.run_id and r.failed_step = failed.name
     )
     update run_steps s set ${CLEARED} from failed, first, runs r
     where s.workspace_id = $1 and s.run_id = failed.run_id and s.name = failed.name
       and first.run_id = failed.run_id and failed.end_ms >= first.end_ms
       and r.workspace_id = $1 and r.id = s.run_id`,
    [workspaceId, runIds],
  )
}

export async function clearStep(
  client: Queryable,
  workspaceId: string,
  runId: string,
  name: string,
): Promise<void> {
  await client.query(
    `update run_steps s set ${CLEARED} from runs r
     where s.workspace_id = $1 and s.run_id = $2 and s.name = $3
       and r.workspace_id = $1 and r.id = $2`,
    [workspaceId, runId, name],
  )
}

const CLEARED = `status = 'waiting', output = null, error = null, duration_ms = null, writes = '[]',
  wake_at = ${DUE_AT},
  attempts = coalesce((select jsonb_agg(made || '{"closed": true}')
    from jsonb_array_elements(s.attempts) made), '[]')`

/** It was done after all; what it yielded nobody knows. */
export async function markDone(
  client: Queryable,
  workspaceId: string,
  runId: string,
  name: string,
): Promise<void> {
  await client.query(
    `update run_steps set status = 'ok', output = 'null', error = null
     where workspace_id = $1 and run_id = $2 and name = $3`,
    [workspaceId, runId, name],
  )
}

export interface StepState {
  readonly name: string
  readonly status: string
  readonly error: string | null
}

export async function stepsOf(
  client: Queryable,
  workspaceId: string,
  runId: string,
): Promise<readonly StepState[]> {
  const { rows } = await client.query<StepState>(
    `select name, status, error from run_steps where workspace_id = $1 and run_id = $2
     order by position`,
    [workspaceId, runId],
  )
  return rows
}

/** A new run of the same event, queued by the caller; steps before `fromStep` are over in it. */
export async function copyRun(
  client: Queryable,
  { workspaceId, runId }: { readonly workspaceId: string; readonly runId: string },
  { version, fromStep, now }: { version: string; fromStep: string | null; now: Date },
): Promise<string> {
  const id = createId(now)
  await client.query(
    `insert into runs (workspace_id, id, kind, workflow, version, status, call_id, agent_id, event_id,
       key, input, queued_at, started_at, replay_of)
     select workspace_id, $3, kind, workflow, $4, 'queued', call_id, agent_id, event_id, key, input,
       clock_timestamp(), clock_timestamp(), id
     from runs where workspace_id = $1 and id = $2`,
    [workspaceId, runId, id, version],
  )
  if (fromStep === null) return id
  await client.query(
    `insert into run_steps (workspace_id, run_id, name, position, kind, status, start_ms, duration_ms,
       limit_ms, connection, action, input, output, error, event_type, event_filter)
     select s.workspace_id, $3, s.name, s.position, s.kind, s.status, 0, 0, s.limit_ms, s.connection,
       s.action, s.input, s.output, s.error, s.event_type, s.event_filter
     from run_steps s join run_steps first on first.workspace_id = s.workspace_id
       and first.run_id = s.run_id and first.name = $4
     where s.workspace_id = $1 and s.run_id = $2 and s.status in ('ok', 'failed')
       and (s.start_ms, s.position) < (first.start_ms, first.position)`,
    [workspaceId, runId, id, fromStep],
  )
  return id
}
