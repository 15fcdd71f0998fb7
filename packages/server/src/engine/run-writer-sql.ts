// The two statements of `run-writer.ts`. Each takes an array of items as JSON; `beside` passes over runs
// whose row is locked (N5), `alone` waits for it.

import type { Json } from '@bookend/contract'
import { isHeld } from '../store/postgres/pauses.ts'
import { GIVE_UP_QUESTIONS, GIVE_UP_STEPS, type RunHead } from './run-rows.ts'
import { SINCE_START_MS } from './sql-time.ts'

/** An outcome as it stands in its row. */
export interface OutcomeRow {
  readonly status: string
  readonly output: Json
  readonly error: string | null
}

export interface StepsAnswer {
  /** Runs of the items' executions. */
  readonly owned: readonly string[]
  readonly finished: readonly (OutcomeRow & { readonly run_id: string; readonly name: string })[]
}

export interface RunsAnswer {
  readonly opened: readonly (RunHead & { readonly id: string })[]
  readonly ended: readonly string[]
}

type Lock = '' | 'skip locked'

/** Of `s`, the step that an item is of. */
const ITS_STEP = `s.workspace_id = mine.workspace_id and s.run_id = mine.id and s.name = mine.name`

const steps = (lock: Lock): string => `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as g (workspace_id uuid, run_id uuid,
      execution uuid, kind text, name text, position int, limit_ms double precision,
      attempts jsonb, writes jsonb, status text, output jsonb, error text, connection text,
      action text, input jsonb, phases jsonb, seen jsonb)
  ), mine as materialized (
    select r.id, r.started_at, g.* from given g
      join runs r on r.workspace_id = g.workspace_id and r.id = g.run_id
        and r.execution = g.execution
    order by r.id for share of r ${lock}
  ), kept as (
    update runs r set input = coalesce(r.input, mine.seen) from mine
    where mine.seen is not null and r.workspace_id = mine.workspace_id and r.id = mine.id
  ), begun as (
    insert into run_steps as s
      (workspace_id, run_id, name, position, kind, status, start_ms, limit_ms, attempts)
    select mine.workspace_id, mine.id, mine.name, mine.position, 'step', 'running',
      ${SINCE_START_MS}, mine.limit_ms, mine.attempts
    from mine where mine.kind = 'begin'
    on conflict (workspace_id, run_id, name) do update
      set status = 'running', attempts = excluded.attempts, writes = '[]', wake_at = null,
        paused_on = null, limit_ms = excluded.limit_ms
      where s.status not in ('ok', 'failed')
  ), announced as (
    update run_steps s set writes = mine.writes from mine
    where mine.kind = 'announce' and ${ITS_STEP} and s.status = 'running'
  ), finished as (
    update run_steps s set status = mine.status, error = mine.error, attempts = mine.attempts,
      output = case when mine.status = 'ok' then coalesce(mine.output, 'null') end,
      duration_ms = ${SINCE_START_MS} - s.start_ms, wake_at = null, paused_on = null,
      connection = coalesce(mine.connection, s.connection),
      action = coalesce(mine.action, s.action),
      input = coalesce(mine.input, s.input), phases = coalesce(mine.phases, s.phases)
    from mine
    where mine.kind = 'finish' and ${ITS_STEP} and s.status in ('running', 'waiting')
    returning s.run_id, s.name, s.status, s.output, s.error
  )
  select jsonb_build_object(
    'owned', (select coalesce(jsonb_agg(mine.id), '[]') from mine),
    'finished', (select coalesce(jsonb_agg(to_jsonb(finished)), '[]') from finished)) as answer`

export const STEPS_BESIDE = steps('skip locked')
export const STEPS_ALONE = steps('')

/** A process of the release before, beside this one while that is replaced, names no entries. */
const IS_ENTRY = `(r.entry = g.entry
  or (r.id = g.entry and r.entry is null and r.queued_at is null and r.wake_at is null))`

const runs = (lock: Lock): string => `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as g (workspace_id uuid, run_id uuid,
      execution uuid, kind text, entry uuid, status text, error text, failed_step text, seen jsonb)
  ), free as materialized (
    select r.id, g.* from given g
      join runs r on r.workspace_id = g.workspace_id and r.id = g.run_id
    where case g.kind
      when 'open' then r.kind = 'journey' and ${IS_ENTRY}
        and r.status in ('queued', 'running', 'waiting') and not ${isHeld('r')}
      else r.execution = g.execution and r.status in ('running', 'waiting') end
    order by r.id for no key update of r ${lock}
  ), opened as (
    update runs r set execution = free.execution, status = 'running', wake_at = null,
      entry = free.entry,
      started_at = case when r.execution is null then clock_timestamp() else r.started_at end
    from free
    where free.kind = 'open' and r.workspace_id = free.workspace_id and r.id = free.id
    returning r.id, r.workflow, r.version, r.call_id, r.event_id, r.key, r.input,
      case when r.input is null then (
        select jsonb_build_object('event_id', e.id, 'event_type', e.type, 'payload', e.payload,
          'created_at', e.created_at)
        from events e where e.workspace_id = r.workspace_id and e.id = r.event_id) end as event
  ), ended as (
    update runs r set status = free.status, error = free.error, failed_step = free.failed_step,
      input = coalesce(r.input, free.seen), entry = null, wake_at = null,
      finished_at = clock_timestamp(),
      duration_ms = extract(epoch from clock_timestamp() - r.started_at) * 1000
    from free
    where free.kind = 'end' and r.workspace_id = free.workspace_id and r.id = free.id
    returning r.workspace_id, r.id
  ), ${GIVE_UP_QUESTIONS}, given_up as (${GIVE_UP_STEPS})
  select jsonb_build_object(
    'opened', (select coalesce(jsonb_agg(to_jsonb(opened)), '[]') from opened),
    'ended', (select coalesce(jsonb_agg(ended.id), '[]') from ended)) as answer`

export const RUNS_BESIDE = runs('skip locked')
export const RUNS_ALONE = runs('')
