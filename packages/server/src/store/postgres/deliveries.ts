// Deliveries as the door and the API see them: put in with their event, and read.
//
// Q1. One delivery per event and subscription, however often it is enqueued (J2).
// Q2. Of one call's transcript updates, at most one waits at each subscription: the latest. Their
//     enqueuing is in single file per call, so no two of them can miss each other.

import type { Delivery, DeliveryAttempt, DeliveryStatus } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'
import { cutPage, parseCursor } from './page.ts'

export interface DeliverableEvent {
  readonly workspaceId: string
  readonly id: string
  readonly type: string
  readonly callId: string | null
}

/**
 * Inside the event's own transaction: a delivery to each enabled subscription that wants its type.
 * Answers the new ids. Once committed, the caller publishes a change of topic `deliveries`, or the
 * workers find them at their next look, within a second.
 */
export async function enqueueDeliveries(
  client: Queryable,
  event: DeliverableEvent,
): Promise<readonly string[]> {
  const { workspaceId, id, type, callId } = event
  const coalesceKey = type === 'call.transcript_update' ? callId : null
  if (coalesceKey !== null) await supersede(client, workspaceId, coalesceKey)
  const { rows } = await client.query<{ id: string }>(
    `insert into deliveries
       (workspace_id, id, subscription_id, event_id, event_type, coalesce_key, created_at)
     select s.workspace_id, gen_random_uuid(), s.id, $2, $3, $4::uuid, clock_timestamp()
     from subscriptions s
     where s.workspace_id = $1 and s.is_enabled
       and (cardinality(s.event_types) = 0 or $3 = any (s.event_types))
     on conflict do nothing
     returning id`,
    [workspaceId, id, type, coalesceKey],
  )
  return rows.map((row) => row.id)
}

/** To one subscription, whatever it wants. */
export async function enqueueDelivery(
  client: Queryable,
  event: DeliverableEvent,
  subscriptionId: string,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into deliveries
       (workspace_id, id, subscription_id, event_id, event_type, created_at)
     values ($1, gen_random_uuid(), $2, $3, $4, clock_timestamp()) returning id`,
    [event.workspaceId, subscriptionId, event.id, event.type],
  )
  return first(rows).id
}

/**
 * {@link enqueueDeliveries} for many events at once, no two of them updates of one call's transcript. The
 * caller has the calls of such updates locked. Answers the ids of the events that somebody is told of.
 */
export async function enqueueDeliveriesOfMany(
  client: Queryable,
  events: readonly DeliverableEvent[],
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set()
  await supersedeMany(client, events.filter(isCoalesced))
  const { rows } = await client.query<{ event_id: string }>(
    `insert into deliveries
       (workspace_id, id, subscription_id, event_id, event_type, coalesce_key, created_at)
     select s.workspace_id, gen_random_uuid(), s.id, e.id, e.type, e.coalesce_key, clock_timestamp()
     from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[])
       as e (workspace_id, id, type, coalesce_key)
     join subscriptions s on s.workspace_id = e.workspace_id
     where s.is_enabled and (cardinality(s.event_types) = 0 or e.type = any (s.event_types))
     on conflict do nothing
     returning event_id`,
    [
      events.map((event) => event.workspaceId),
      events.map((event) => event.id),
      events.map((event) => event.type),
      events.map((event) => (isCoalesced(event) ? event.callId : null)),
    ],
  )
  return new Set(rows.map((row) => row.event_id))
}

const isCoalesced = ({ type, callId }: DeliverableEvent): boolean =>
  type === 'call.transcript_update' && callId !== null

async function supersedeMany(
  client: Queryable,
  events: readonly DeliverableEvent[],
): Promise<void> {
  if (events.length === 0) return
  await client.query(
    `update deliveries d
     set status = 'cancelled', next_attempt_at = null, last_error = 'superseded'
     from unnest($1::uuid[], $2::uuid[]) as e (workspace_id, call_id)
     join subscriptions s on s.workspace_id = e.workspace_id
     where d.workspace_id = s.workspace_id and d.subscription_id = s.id
       and d.coalesce_key = e.call_id and d.status = 'pending' and d.lease_token is null`,
    [events.map(({ workspaceId }) => workspaceId), events.map(({ callId }) => callId)],
  )
}

/** One under way is left alone: it is sent already. */
async function supersede(client: Queryable, workspaceId: string, callId: string): Promise<void> {
  const lock = `deliveries:${workspaceId}:${callId}`
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lock])
  await client.query(
    `update deliveries d
     set status = 'cancelled', next_attempt_at = null, last_error = 'superseded'
     from subscriptions s
     where s.workspace_id = $1 and d.workspace_id = s.workspace_id and d.subscription_id = s.id
       and d.coalesce_key = $2 and d.status = 'pending' and d.lease_token is null`,
    [workspaceId, callId],
  )
}

interface DeliveryRow {
  readonly id: string
  readonly cursor_at: string
  readonly subscription_id: string
  readonly event_id: string
  readonly event_type: string
  readonly call_id: string | null
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly next_attempt_at: Date | null
  readonly last_status: number | null
  readonly last_error: string | null
  readonly created_at: Date
  readonly attempt_log: readonly DeliveryAttempt[]
}

const selectWith = (
  more: string,
): string => `select d.id, d.created_at::text as cursor_at, d.subscription_id, d.event_id,
    e.type as event_type, e.call_id, d.status, d.attempts, d.next_attempt_at, d.last_status,
    d.last_error, d.created_at, log.entries as attempt_log
  from deliveries d
  join events e on e.workspace_id = d.workspace_id and e.id = d.event_id
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object(
        'attempt', a.attempt, 'started_at', a.started_at, 'duration_ms', a.duration_ms,
        'status', a.status, 'error', a.error, 'phases', a.phases${more}) order by a.attempt), '[]') as entries
    from delivery_attempts a
    where a.workspace_id = d.workspace_id and a.delivery_id = d.id
  ) log`
const SELECT = selectWith('')
const SELECT_WITH_ANSWERS = selectWith(`, 'response_body', a.answer`)

export async function findDelivery(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<Delivery | null> {
  const { rows } = await client.query<DeliveryRow>(
    `${SELECT_WITH_ANSWERS} where d.workspace_id = $1 and d.id = $2`,
    [workspaceId, id],
  )
  return rows[0] === undefined ? null : renderDelivery(rows[0])
}

export interface DeliveryListing {
  readonly subscriptionId?: string | undefined
  readonly status?: DeliveryStatus | undefined
  readonly eventType?: string | undefined
  readonly since?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Newest first. @throws {ProblemError} 422 for a cursor that is none. */
export async function listDeliveries(
  client: Queryable,
  workspaceId: string,
  { limit, ...listing }: DeliveryListing,
): Promise<{ deliveries: Delivery[]; next_cursor: string | null }> {
  const { conditions, values } = conditionsOf(workspaceId, listing)
  // The page first, by its keys alone: what is shown of it is read for its rows only.
  const { rows } = await client.query<DeliveryRow>(
    `with page as (
       select d.workspace_id, d.id from deliveries d where ${conditions.join(' and ')}
       order by d.created_at desc, d.id desc limit ${limit + 1}
     )
     ${SELECT}
     where (d.workspace_id, d.id) in (select workspace_id, id from page)
     order by d.created_at desc, d.id desc`,
    values,
  )
  const { page, next } = cutPage(rows, limit)
  return { deliveries: page.map(renderDelivery), next_cursor: next }
}

/** Only what is asked for, so that the planner sees what it can do by index. */
function conditionsOf(
  workspaceId: string,
  listing: Omit<DeliveryListing, 'limit'>,
): { conditions: readonly string[]; values: string[] } {
  const after = parseCursor(listing.cursor)
  const values: string[] = []
  const place = (value: string): string => `$${values.push(value)}`
  const conditions = [`d.workspace_id = ${place(workspaceId)}`]
  const { subscriptionId, status, eventType, since } = listing
  if (subscriptionId !== undefined) {
    conditions.push(`d.subscription_id = ${place(subscriptionId)}`)
  }
  // Written out, where a partial index can be recognised by it.
  if (status !== undefined) conditions.push(`d.status = '${STATUS_TEXT[status]}'`)
  if (eventType !== undefined) conditions.push(`d.event_type = ${place(eventType)}`)
  if (since !== undefined) conditions.push(`d.created_at >= ${place(since)}`)
  if (after !== null) {
    const [at, id] = [place(after.at), place(after.id)]
    conditions.push(`(d.created_at, d.id) < (${at}::timestamptz, ${id}::uuid)`)
  }
  return { conditions, values }
}

const STATUS_TEXT = {
  pending: 'pending',
  delivered: 'delivered',
  dead: 'dead',
  cancelled: 'cancelled',
} as const satisfies { readonly [S in DeliveryStatus]: S }

/** Oldest first, at most a thousand. */
export async function deliveriesOfCall(
  client: Queryable,
  workspaceId: string,
  callId: string,
): Promise<Delivery[]> {
  const { rows } = await client.query<DeliveryRow>(
    `${SELECT} where d.workspace_id = $1 and e.workspace_id = $1 and e.call_id = $2
     order by d.created_at, d.id limit 1000`,
    [workspaceId, callId],
  )
  return rows.map(renderDelivery)
}

const renderDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  webhook_id: row.subscription_id,
  event_id: row.event_id,
  event_type: row.event_type,
  call_id: row.call_id,
  status: row.status,
  attempts: row.attempts,
  next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
  last_status: row.last_status,
  last_error: row.last_error,
  created_at: row.created_at.toISOString(),
  attempt_log: row.attempt_log.map((entry) => {
    return { ...entry, started_at: new Date(entry.started_at).toISOString() }
  }),
})
