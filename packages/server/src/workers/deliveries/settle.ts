// Records what came of an attempt.
//
// R1. Only the holder of the lease's token writes: who is late changes nothing and logs nothing (F30).
// R2. Writing twice is writing once, so a commit whose reply was lost may be tried again (F14).
// R3. The subscription's count of failures is written with the attempt that changes it.

import type { DeliveryAttempt } from '@bookend/contract'
import { endpointPauseMs, failuresToPause, type EndpointHealth } from '@bookend/core'
import type { Engine } from '../../engine/engine.ts'
import type { Accepted } from '../../events/accept-event.ts'
import type { Database } from '../../store/database.ts'
import type { ClaimedDelivery } from './claim.ts'
import { disableSubscription, goneReason } from './disable.ts'

export type Fate =
  | { kind: 'delivered' }
  | { kind: 'again'; delayMs: number }
  | { kind: 'dead' }
  /** 410: this one is cancelled, so is all that waits for the subscription, which is disabled. */
  | { kind: 'gone' }
  /** Cut off by our own end; due at once for whoever goes on. */
  | { kind: 'released' }

export interface Settlement {
  readonly fate: Fate
  readonly startedAt: Date
  readonly durationMs: number
  readonly status: number | null
  readonly error: string | null
  readonly phases: DeliveryAttempt['phases']
  readonly answer: string | null
}

export interface Settled {
  /** After a failure; null after anything else. */
  readonly health: EndpointHealth | null
  /** The event of a subscription that this disabled. */
  readonly notice: Accepted | null
}

const STATUS_AFTER = {
  delivered: 'delivered',
  again: 'pending',
  dead: 'dead',
  gone: 'cancelled',
  released: 'pending',
} as const satisfies Record<Fate['kind'], string>

/**
 * Null when it was no longer ours to record.
 *
 * @throws {DatabaseAwayError} Safe to call again.
 */
export async function settleDelivery(
  database: Database,
  engine: Pick<Engine, 'enqueue'>,
  delivery: ClaimedDelivery,
  settlement: Settlement,
  now: Date,
): Promise<Settled | null> {
  const values = valuesOf(delivery, settlement)
  if (settlement.fate.kind !== 'gone') {
    const [row] = await database.query<HealthRow>(SETTLE, values)
    return row === undefined ? null : { health: readHealth(row), notice: null }
  }
  return database.transaction(async (client) => {
    const { workspaceId } = delivery
    const { id } = delivery.subscription
    // The subscription first, so that two of its deliveries that hear 410 at once wait here, in order.
    await client.query(LOCK_SUBSCRIPTION, [workspaceId, id])
    const { rowCount } = await client.query(SETTLE, values)
    if (rowCount !== 1) return null
    const subscription = { workspaceId, id, reason: goneReason }
    const notice = await disableSubscription(client, engine, subscription, now)
    return { health: null, notice }
  })
}

function valuesOf(delivery: ClaimedDelivery, settlement: Settlement): unknown[] {
  const { fate, startedAt, durationMs, status, error, phases, answer } = settlement
  return [
    delivery.workspaceId,
    delivery.id,
    delivery.leaseToken,
    STATUS_AFTER[fate.kind],
    fate.kind === 'again' ? fate.delayMs : fate.kind === 'released' ? 0 : null,
    status,
    error,
    delivery.attempt,
    startedAt,
    durationMs,
    phases,
    answer,
    FAILED_AFTER[fate.kind],
    failuresToPause,
    endpointPauseMs,
  ]
}

/** What the endpoint did; null: nothing that says anything of it. */
const FAILED_AFTER = {
  delivered: false,
  again: true,
  dead: true,
  gone: null,
  released: null,
} as const satisfies Record<Fate['kind'], boolean | null>

interface HealthRow extends Record<string, unknown> {
  readonly failures_in_row: number | null
  readonly failing_since: Date | null
  readonly warned_at: Date | null
}

const readHealth = (row: HealthRow): EndpointHealth | null =>
  row.failures_in_row === null
    ? null
    : {
        failuresInRow: row.failures_in_row,
        failingSince: row.failing_since,
        isWarned: row.warned_at !== null,
      }

const SETTLE = `
with mine as (
  update deliveries set status = $4, last_status = $6::integer, last_error = $7, lease_token = null,
    next_attempt_at = now() + $5::double precision * interval '1 ms'
  where workspace_id = $1 and id = $2 and lease_token = $3 and status = 'pending'
  returning workspace_id, id, subscription_id
), logged as (
  insert into delivery_attempts
    (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error, phases, answer)
  select workspace_id, id, $8::integer, $9::timestamptz, $10::real, $6::integer, $7, $11::jsonb, $12
  from mine on conflict do nothing
), endpoint as (
  update subscriptions s set
    failures_in_row = case when $13::boolean then s.failures_in_row + 1 else 0 end,
    failing_since = case when $13::boolean then coalesce(s.failing_since, now()) end,
    warned_at = case when $13::boolean then s.warned_at end,
    paused_until = case when $13::boolean and s.failures_in_row + 1 >= $14::integer
      then now() + $15::integer * interval '1 ms' end
  from mine
  where s.workspace_id = mine.workspace_id and s.id = mine.subscription_id
    and ($13::boolean or not $13::boolean and s.failures_in_row > 0)
  returning s.id, s.failures_in_row, s.failing_since, s.warned_at
)
select mine.id, endpoint.failures_in_row, endpoint.failing_since, endpoint.warned_at
from mine left join endpoint on true`

const LOCK_SUBSCRIPTION = 'select from subscriptions where workspace_id = $1 and id = $2 for update'
