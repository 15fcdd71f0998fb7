// How deliveries to endpoints fare, from what is stored of them.
//
// E1. Bounded work, whatever is stored: counts stop at 10,000, times are of the last thousand.

import type { SubscriptionHealth } from '@bookend/contract'
import { failuresToPause } from '@bookend/core'
import type { Queryable } from '../database.ts'

export const countMax = 10_000
const SAMPLE = 1_000

interface HealthRow {
  readonly id: string
  readonly is_enabled: boolean
  readonly failures_in_row: number
  readonly last_success_at: Date | null
  readonly paused_until: Date | null
  readonly waiting: number
  readonly dead: number
  readonly next_attempt_at: Date | null
}

/** By subscription. */
export async function healthOf(
  client: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SubscriptionHealth>> {
  const { rows } = await client.query<HealthRow>(HEALTH, [workspaceId, ids, countMax])
  return new Map(rows.map((row) => [row.id, render(row)]))
}

const HEALTH = `
select s.id, s.is_enabled, s.failures_in_row, s.last_success_at, waiting.count as waiting,
  dead.count as dead, greatest(next.at, pause.ends_at) as next_attempt_at,
  pause.ends_at as paused_until
from subscriptions s
cross join lateral (
  select case when s.paused_until > now() then s.paused_until end as ends_at
) pause
cross join lateral (
  select count(*)::integer as count from (
    select from deliveries d
    where d.workspace_id = s.workspace_id and d.subscription_id = s.id and d.status = 'pending'
    limit $3) counted
) waiting
cross join lateral (
  select count(*)::integer as count from (
    select from deliveries d
    where d.workspace_id = s.workspace_id and d.subscription_id = s.id and d.status = 'dead'
    limit $3) counted
) dead
left join lateral (
  select d.next_attempt_at as at from deliveries d
  where d.workspace_id = s.workspace_id and d.subscription_id = s.id
    and d.status = 'pending' and d.lease_token is null
  order by d.next_attempt_at limit 1
) next on s.is_enabled
where s.workspace_id = $1 and s.id = any ($2)`

function render(row: HealthRow): SubscriptionHealth {
  return {
    state: stateOf(row),
    last_success_at: row.last_success_at?.toISOString() ?? null,
    paused_until: row.paused_until?.toISOString() ?? null,
    waiting: row.waiting,
    dead: row.dead,
    // What is paused and waits for nothing has no next attempt.
    next_attempt_at: row.waiting === 0 ? null : (row.next_attempt_at?.toISOString() ?? null),
  }
}

function stateOf(row: HealthRow): SubscriptionHealth['state'] {
  if (!row.is_enabled) return 'disabled'
  if (row.failures_in_row >= failuresToPause) return 'paused'
  if (row.failures_in_row > 0) return 'failing'
  return row.last_success_at === null ? 'unused' : 'well'
}

/** How long attempts take that got an answer, whatever it was; null when there was none in a day. */
export async function latencyOf(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<NonNullable<SubscriptionHealth['latency']> | null> {
  const { rows } = await client.query<{ attempts: number; p50: number; p99: number }>(
    `select count(*)::integer as attempts,
       percentile_cont(0.5) within group (order by a.duration_ms) as p50,
       percentile_cont(0.99) within group (order by a.duration_ms) as p99
     from (
       select d.workspace_id, d.id from deliveries d
       where d.workspace_id = $1 and d.subscription_id = $2
         and d.created_at > now() - interval '1 day'
       order by d.created_at desc, d.id desc limit ${SAMPLE}
     ) d
     cross join lateral (
       select a.duration_ms from delivery_attempts a
       where a.workspace_id = d.workspace_id and a.delivery_id = d.id
         and a.status is not null and a.started_at > now() - interval '1 day' offset 0
     ) a`,
    [workspaceId, id],
  )
  const [row] = rows
  if (row === undefined || row.attempts === 0) return null
  const rounded = (ms: number): number => Math.round(ms * 10) / 10
  return { attempts: row.attempts, p50_ms: rounded(row.p50), p99_ms: rounded(row.p99) }
}
