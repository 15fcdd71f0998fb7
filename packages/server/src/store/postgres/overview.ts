// What the first screen shows, counted where it is stored.
//
// O1. Bounded work, whatever is stored: of calls and of runs the newest 20,000 are looked at, of failed
//     runs the newest 1,000.

import type { Overview, OverviewFailure } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'

const SAMPLE = 20_000
const FAILED_SAMPLE = 1_000
const ROWS_MAX = 8

export async function readOverview(
  client: Queryable,
  workspaceId: string,
  since: Date,
): Promise<Overview> {
  const asked = [workspaceId, since]
  const [calls, preCall, defaults, journeys, failures] = await Promise.all([
    client.query<Overview['calls']>(CALLS, asked),
    client.query<Overview['pre_call'] & { looked_at: number }>(PRE_CALL, asked),
    client.query<Overview['defaults'][number]>(DEFAULTS, asked),
    client.query<Omit<Overview['journeys'], 'failures'>>(JOURNEYS, asked),
    client.query<FailureRow>(FAILURES, asked),
  ])
  const { looked_at: lookedAt, hours, ...answers } = first(preCall.rows)
  const counted = first(journeys.rows)
  return {
    since: since.toISOString(),
    sampled: lookedAt >= SAMPLE || counted.started >= SAMPLE,
    calls: first(calls.rows),
    pre_call: {
      ...answers,
      hours: hours.map(({ at, ...hour }) => ({ at: new Date(at).toISOString(), ...hour })),
    },
    defaults: defaults.rows,
    journeys: {
      ...counted,
      failures: failures.rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
    },
  }
}

type FailureRow = Omit<OverviewFailure, 'at'> & { readonly at: Date }

const CALLS = `
select
  (select count(*)::integer from (
     select from calls where workspace_id = $1 and created_at >= $2 limit ${SAMPLE}) counted
  ) as total,
  (select count(*)::integer from (
     select from calls
     where workspace_id = $1 and created_at >= $2 and ended_at is null
       and status in ('ringing', 'in_progress')
     limit ${SAMPLE}) counted
  ) as live`

const newest = (kind: 'pre-call' | 'journey', columns: string): string => `
select ${columns} from runs r
where r.workspace_id = $1 and r.kind = '${kind}' and r.started_at >= $2
order by r.started_at desc, r.id desc limit ${SAMPLE}`

// A repeated request is answered from memory: the caller waited for the first of them.
const PRE_CALL = `
with newest as (${newest('pre-call', 'r.status, r.started_at, r.duration_ms, r.deadline_ms, r.repeat_of')}),
answered as (
  select * from newest where status in ('answered', 'partial', 'fallback') and repeat_of is null
),
hours as (
  select date_trunc('hour', started_at) as at, count(*)::integer as answered,
    percentile_cont(0.5) within group (order by duration_ms) as p50_ms,
    percentile_cont(0.95) within group (order by duration_ms) as p95_ms
  from answered where duration_ms is not null group by 1
)
select (select count(*)::integer from newest) as looked_at,
  count(*)::integer as answered,
  (count(*) filter (where status = 'partial'))::integer as partial,
  (count(*) filter (where status = 'fallback'))::integer as fallback,
  (count(*) filter (where duration_ms > deadline_ms))::integer as late,
  percentile_cont(0.5) within group (order by duration_ms) as p50_ms,
  percentile_cont(0.95) within group (order by duration_ms) as p95_ms,
  mode() within group (order by deadline_ms) as deadline_ms,
  (select coalesce(jsonb_agg(to_jsonb(hours) order by at), '[]') from hours) as hours
from answered`

const DEFAULTS = `
with newest as (${newest('pre-call', 'r.workflow, r.status, r.missing')})
select workflow, one ->> 'step' as step, one ->> 'reason' as reason, count(*)::integer as count
from newest cross join lateral jsonb_array_elements(missing) one
where status in ('partial', 'fallback') and one ->> 'reason' <> 'skipped'
group by 1, 2, 3 order by 4 desc, 1, 2 limit ${ROWS_MAX}`

const JOURNEYS = `
with newest as (${newest('journey', 'r.status')})
select count(*)::integer as started,
  (count(*) filter (where status = 'completed'))::integer as completed,
  (count(*) filter (where status in ('queued', 'running', 'waiting')))::integer as waiting,
  (count(*) filter (where status = 'failed'))::integer as failed
from newest`

const FAILURES = `
with failed as (
  select r.workflow, r.failed_step as step, r.error, r.id as run_id, r.call_id, r.started_at as at
  from runs r
  where r.workspace_id = $1 and r.status = 'failed' and r.started_at >= $2 and r.kind = 'journey'
  order by r.started_at desc, r.id desc limit ${FAILED_SAMPLE}
),
grouped as (
  select distinct on (workflow, step) *, (count(*) over same)::integer as runs
  from failed window same as (partition by workflow, step)
  order by workflow, step, at desc
)
select g.*, exists (
    select from run_steps s
    where s.workspace_id = $1 and s.run_id = g.run_id and s.name = g.step and s.status = 'failed'
      and s.error like 'maybe done: %'
  ) as unsure
from grouped g order by at desc limit ${ROWS_MAX}`
