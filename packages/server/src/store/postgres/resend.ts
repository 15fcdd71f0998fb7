// Deliveries made again: one that is asked for, those that were given up, and all of a time.
//
// V1. The event id stays, attempts go on counting, and the schedule begins anew.
// V2. Who asks for one delivery gets it, also where a later one superseded it.
// V3. Of one call's transcript updates a replay sends the latest: the others say nothing it does not.

import type { DeadResend, SubscriptionReplay } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { countMax } from './endpoint-health.ts'

const REPLAY_MAX = 10_000

/** Whether it could be: one to a subscription that is disabled cannot. Null when there is none. */
export async function resendDelivery(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<{ isEnabled: boolean; subscriptionId: string } | null> {
  const { rows } = await client.query<{ is_enabled: boolean; subscription_id: string }>(
    `select s.is_enabled, d.subscription_id from deliveries d
     join subscriptions s on s.workspace_id = d.workspace_id and s.id = d.subscription_id
     where d.workspace_id = $1 and d.id = $2 for update of d`,
    [workspaceId, id],
  )
  const [row] = rows
  if (row === undefined) return null
  const { is_enabled: isEnabled, subscription_id: subscriptionId } = row
  if (isEnabled) await client.query(`${AGAIN} and d.id = $2`, [workspaceId, id])
  return { isEnabled, subscriptionId }
}

// One under way is being sent this moment; it is left to that.
const AGAIN = `
update deliveries d set status = 'pending', next_attempt_at = now(), schedule_from = d.attempts,
  coalesce_key = null, lease_token = null
where d.workspace_id = $1 and (d.status <> 'pending' or d.lease_token is null)`

/** Events from `since` on, the oldest first, at most 10,000 of them; a dry run only counts them. */
export async function replayEvents(
  client: Queryable,
  workspaceId: string,
  subscriptionId: string,
  { since, until, event_types: types, missed_only: missedOnly, dry_run: isDry }: SubscriptionReplay,
): Promise<{ count: number; nextSince: Date | null }> {
  const { rows } = await client.query<{ id: string; created_at: Date }>(
    `select e.id, e.created_at from events e
     join subscriptions s on s.workspace_id = e.workspace_id and s.id = $2
     where e.workspace_id = $1 and e.created_at >= $3 and e.created_at < coalesce($4, now())
       and e.type <> 'webhook.test'
       and (cardinality(s.event_types) = 0 or e.type = any (s.event_types))
       and ($5::text[] is null or e.type = any ($5))
       and (not $6::boolean or not exists (
         select from deliveries d where d.workspace_id = e.workspace_id and d.event_id = e.id
           and d.subscription_id = s.id and d.status in ('delivered', 'pending')))
       and (e.type <> 'call.transcript_update' or not exists (
         select from events later where later.workspace_id = e.workspace_id
           and later.call_id = e.call_id and later.type = e.type
           and (later.created_at, later.id) > (e.created_at, e.id)
           and later.created_at < coalesce($4, now())))
     order by e.created_at, e.id limit $7`,
    [workspaceId, subscriptionId, since, until ?? null, types ?? null, missedOnly, REPLAY_MAX + 1],
  )
  const nextSince = rows[REPLAY_MAX]?.created_at ?? null
  const ids = rows.slice(0, REPLAY_MAX).map((row) => row.id)
  if (isDry || ids.length === 0) return { count: ids.length, nextSince }
  await client.query(
    `insert into deliveries
       (workspace_id, id, subscription_id, event_id, event_type, created_at)
     select $1, gen_random_uuid(), $2, e.id, e.type, clock_timestamp()
     from events e where e.workspace_id = $1 and e.id = any ($3::text[])
     on conflict (workspace_id, subscription_id, event_id) do nothing`,
    [workspaceId, subscriptionId, ids],
  )
  await client.query(`${AGAIN} and d.subscription_id = $2 and d.event_id = any ($3)`, [
    workspaceId,
    subscriptionId,
    ids,
  ])
  return { count: ids.length, nextSince }
}

/** Sends dead deliveries again, the oldest first; counts what is still dead of those asked for. */
export async function resendDead(
  client: Queryable,
  workspaceId: string,
  subscriptionId: string,
  { since, until, event_types: types, limit }: DeadResend,
): Promise<{ count: number; remaining: number }> {
  const asked = [workspaceId, subscriptionId, since ?? null, until ?? null, types ?? null]
  // As an array it is chosen once; as a condition it might be for every row that is looked at.
  const { rowCount } = await client.query(
    `${AGAIN} and d.id = any (array(
       ${DEAD} order by dead.created_at, dead.id limit $6 for update skip locked))`,
    [...asked, limit],
  )
  const { rows } = await client.query<{ remaining: number }>(
    `select count(*)::integer as remaining from (${DEAD} limit ${countMax}) counted`,
    asked,
  )
  return { count: rowCount ?? 0, remaining: rows[0]?.remaining ?? 0 }
}

const DEAD = `
select dead.id from deliveries dead
where dead.workspace_id = $1 and dead.subscription_id = $2 and dead.status = 'dead'
  and ($3::timestamptz is null or dead.created_at >= $3)
  and ($4::timestamptz is null or dead.created_at < $4)
  and ($5::text[] is null or dead.event_type = any ($5))`
