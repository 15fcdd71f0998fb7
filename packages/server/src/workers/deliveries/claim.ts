// Takes due deliveries for this process, by lease.
//
//   subscriptions with something pending ─▶ the oldest due of each, as many as it has room for
//     ─▶ in turn, one of each workspace, then the next ─▶ lock, skipping what others hold ─▶ lease
//
// C1. A delivery has one holder: a row lock while it is claimed, then a lease with a token (F3, F30).
// C2. An attempt is counted when it is claimed, before anything is sent (F24).
// C3. Neither a slow subscription nor a busy workspace is served before the others' turn (F27, F28).
// C4. Only the database's time decides what is due (F29).
// C5. A subscription's own rate, and the pause of an endpoint that keeps failing, bound what is taken;
//     what is held back stays due, and loses no attempt.
// C6. Of one call's transcript updates one is under way per subscription, and at most two a second.

import { deliveryAttemptsMax, failuresToPause } from '@bookend/core'
import type { JsonObject } from '@bookend/contract'
import type { Database } from '../../store/database.ts'
import { preparing } from '../../store/prepared.ts'

/** Longer than an exchange and its record take together. */
export const leaseMs = 20_000
export const coalescedGapMs = 500

/** Why a due delivery is not sent: cancelled, or dead after a last attempt that never reported. */
export type Refusal = 'subscription_disabled' | 'superseded' | 'interrupted'

interface Claimed {
  readonly workspaceId: string
  readonly id: string
  readonly callId: string | null
}

export interface RefusedDelivery extends Claimed {
  readonly refusal: Refusal
}

export interface ClaimedDelivery extends Claimed {
  readonly leaseToken: string
  /** This one's number, from 1. */
  readonly attempt: number
  /** Attempts that an earlier schedule had used up. */
  readonly scheduleFrom: number
  readonly isCoalesced: boolean
  /** By the database. */
  readonly claimedAt: Date
  readonly subscription: {
    readonly id: string
    readonly url: string
    readonly payload: 'thin' | 'full'
    readonly secret: Buffer
    /** While a rotation lasts. */
    readonly previousSecret: Buffer | null
  }
  readonly event: {
    readonly id: string
    readonly type: string
    readonly createdAt: Date
    readonly payload: JsonObject
  }
}

export interface Room {
  readonly limit: number
  readonly perSubscription: number
  /** Deliveries that this process holds, by subscription. */
  readonly underWay: ReadonlyMap<string, number>
  /** Subscriptions whose deliveries are taken for their first attempts only. */
  readonly withoutRetries: readonly string[]
}

interface ClaimRow {
  readonly workspace_id: string
  readonly id: string
  readonly refusal: Refusal | null
  readonly lease_token: string
  readonly attempts: number
  readonly is_coalesced: boolean
  readonly claimed_at: Date
  readonly subscription_id: string
  readonly url: string
  readonly payload_form: 'thin' | 'full'
  readonly secret: Buffer
  readonly previous_secret: Buffer | null
  readonly schedule_from: number
  readonly event_id: string
  readonly type: string
  readonly created_at: Date
  readonly payload: JsonObject
  readonly call_id: string | null
}

/** @throws {DatabaseAwayError} What was claimed, if anything, is due again when its lease ends. */
export async function claimDeliveries(
  database: Database,
  { limit, perSubscription, underWay, withoutRetries }: Room,
): Promise<{ toSend: readonly ClaimedDelivery[]; refused: readonly RefusedDelivery[] }> {
  const { rows } = await database.keyedTransaction((client) =>
    preparing(client).query<ClaimRow>(CLAIM, [
      limit,
      [...underWay.keys()],
      [...underWay.values()],
      perSubscription,
      leaseMs,
      deliveryAttemptsMax,
      coalescedGapMs,
      failuresToPause,
      withoutRetries,
    ]),
  )
  const toSend: ClaimedDelivery[] = []
  const refused: RefusedDelivery[] = []
  for (const row of rows) {
    const claimed = { workspaceId: row.workspace_id, id: row.id, callId: row.call_id }
    if (row.refusal === null) toSend.push({ ...claimed, ...parseRow(row) })
    else refused.push({ ...claimed, refusal: row.refusal })
  }
  return { toSend, refused }
}

function parseRow(row: ClaimRow): Omit<ClaimedDelivery, keyof Claimed> {
  const { url, secret, payload_form: form, type, payload } = row
  return {
    leaseToken: row.lease_token,
    attempt: row.attempts,
    scheduleFrom: row.schedule_from,
    isCoalesced: row.is_coalesced,
    claimedAt: row.claimed_at,
    subscription: {
      id: row.subscription_id,
      url,
      payload: form,
      secret,
      previousSecret: row.previous_secret,
    },
    event: { id: row.event_id, type, createdAt: row.created_at, payload },
  }
}

/**
 * From when on deliveries count against the rate: a second's worth may be caught up on, and always
 * one. Two claims at the same moment may both take it; the debt then holds up the next.
 */
const FREE_AT = `greatest(s.rate_free_at,
        now() - greatest(1, 1 / s.rate_per_second) * interval '1 second')`

// `busy` hops from one subscription to the next by index, so a backlog of any length costs one step.
// What was offered is looked up by its key: "is not distinct" hides from the planner the index of what
// waits, which is long with what waited a moment ago.
// A lease that lapsed leaves its token behind; that is how an attempt nobody reported is recognised.
const CLAIM = `
with recursive busy as (
  (select workspace_id, subscription_id from deliveries
   where status = 'pending' order by workspace_id, subscription_id limit 1)
  union all
  select next.workspace_id, next.subscription_id from busy cross join lateral (
    select d.workspace_id, d.subscription_id from deliveries d
    where d.status = 'pending'
      and (d.workspace_id, d.subscription_id) > (busy.workspace_id, busy.subscription_id)
    order by d.workspace_id, d.subscription_id limit 1
  ) next
),
held as (
  select * from unnest($2::uuid[], $3::integer[]) as held (subscription_id, deliveries)
),
room as (
  select busy.workspace_id, busy.subscription_id,
    greatest(0, case when s.failures_in_row >= $8::integer then 1 else $4::integer end
      - coalesce(held.deliveries, 0)) as places,
    case when not s.is_enabled then $4::integer
      when s.paused_until > now() then 0
      when s.rate_per_second is null then $4::integer
      else floor(s.rate_per_second * extract(epoch from now() - ${FREE_AT}) + 1e-6)::integer
    end as allowed
  from busy
  join subscriptions s on s.workspace_id = busy.workspace_id and s.id = busy.subscription_id
  left join held using (subscription_id)
),
due as (
  select oldest.*, row_number() over (
    partition by busy.workspace_id, busy.subscription_id order by oldest.next_attempt_at) as turn
  from room as busy
  cross join lateral (
    select d.workspace_id, d.id, d.next_attempt_at from deliveries d
    where d.workspace_id = busy.workspace_id and d.subscription_id = busy.subscription_id
      and d.status = 'pending' and d.next_attempt_at <= now()
      and (d.attempts = d.schedule_from or busy.subscription_id <> all ($9::uuid[]))
      and (d.coalesce_key is null or not exists (
        select from deliveries o
        where o.workspace_id = d.workspace_id and o.subscription_id = d.subscription_id
          and o.coalesce_key = d.coalesce_key and o.id <> d.id
          and o.claimed_at > now() - $5::integer * interval '1 ms'
          and (o.claimed_at > now() - $7::integer * interval '1 ms'
            or (o.status = 'pending' and o.lease_token is not null))))
    order by d.next_attempt_at
    limit least(busy.places, busy.allowed)
  ) oldest
),
offered as (
  select due.*, row_number() over (
    partition by workspace_id order by turn, next_attempt_at) as workspace_turn
  from due
  order by workspace_turn, next_attempt_at limit $1::integer * 4
),
locked as (
  select d.* from offered
  join deliveries d on d.workspace_id = offered.workspace_id and d.id = offered.id
  where d.status is not distinct from 'pending' and d.next_attempt_at <= now()
  order by offered.workspace_turn, offered.next_attempt_at
  limit $1::integer for update of d skip locked
),
judged as (
  select l.workspace_id, l.id, l.attempts, l.claimed_at, l.lease_token, l.subscription_id,
    s.url, s.secret, s.payload as payload_form,
    case when s.previous_secret_until > now() then s.previous_secret end as previous_secret,
    case
      when not s.is_enabled then 'subscription_disabled'
      when l.coalesce_key is not null and exists (
        select from deliveries n
        where n.workspace_id = l.workspace_id and n.subscription_id = l.subscription_id
          and n.coalesce_key = l.coalesce_key
          and (n.created_at, n.id) > (l.created_at, l.id)) then 'superseded'
      when l.lease_token is not null and l.attempts - l.schedule_from >= $6::integer then 'interrupted'
    end as refusal
  from locked l
  join subscriptions s on s.workspace_id = l.workspace_id and s.id = l.subscription_id
),
unreported as (
  insert into delivery_attempts
    (workspace_id, delivery_id, attempt, started_at, duration_ms, error)
  select workspace_id, id, attempts, claimed_at, $5::integer, 'interrupted'
  from judged where lease_token is not null
  on conflict do nothing
),
spent as (
  update subscriptions s set
    rate_free_at = ${FREE_AT} + taken.deliveries / s.rate_per_second * interval '1 second'
  from (
    select workspace_id, subscription_id, count(*) as deliveries from judged
    where refusal is null group by workspace_id, subscription_id
  ) taken
  where s.workspace_id = taken.workspace_id and s.id = taken.subscription_id
    and s.rate_per_second is not null
),
claimed as (
  update deliveries d set
    status = case when j.refusal is null then 'pending'
      when j.refusal = 'interrupted' then 'dead' else 'cancelled' end,
    attempts = case when j.refusal is null then d.attempts + 1 else d.attempts end,
    next_attempt_at = case when j.refusal is null then now() + $5::integer * interval '1 ms' end,
    lease_token = case when j.refusal is null then gen_random_uuid() end,
    claimed_at = case when j.refusal is null then now() else d.claimed_at end,
    last_error = coalesce(j.refusal, d.last_error)
  from judged j
  where d.workspace_id = j.workspace_id and d.id = j.id
  returning d.*, j.refusal, j.url, j.secret, j.previous_secret, j.payload_form
)
select c.workspace_id, c.id, c.refusal, c.lease_token, c.attempts, c.claimed_at,
  c.coalesce_key is not null as is_coalesced, c.subscription_id, c.url, c.payload_form, c.secret,
  c.previous_secret, c.schedule_from,
  c.event_id, e.type, e.created_at, e.payload, e.call_id
from claimed c join events e on e.workspace_id = c.workspace_id and e.id = c.event_id`
