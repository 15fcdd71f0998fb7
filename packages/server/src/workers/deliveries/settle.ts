// Records what came of an attempt.
//
// R1. Only the holder of the lease's token writes: who is late changes nothing and logs nothing (F30).
// R2. Writing twice is writing once, so a commit whose reply was lost may be tried again (F14).

import type { Database } from '../../store/database.ts'
import type { ClaimedDelivery } from './claim.ts'

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
}

const STATUS_AFTER = {
  delivered: 'delivered',
  again: 'pending',
  dead: 'dead',
  gone: 'cancelled',
  released: 'pending',
} as const satisfies Record<Fate['kind'], string>

export const goneReason = 'The endpoint answered 410 Gone; enable it again once it takes events'

/**
 * Whether it was still ours to record.
 *
 * @throws {DatabaseAwayError} Safe to call again.
 */
export async function settleDelivery(
  database: Database,
  delivery: ClaimedDelivery,
  settlement: Settlement,
): Promise<boolean> {
  const values = valuesOf(delivery, settlement)
  if (settlement.fate.kind !== 'gone') return (await database.query(SETTLE, values)).length === 1
  return database.transaction(async (client) => {
    // The subscription first, so that two of its deliveries that hear 410 at once wait here, in order.
    const owner = [delivery.workspaceId, delivery.subscription.id]
    await client.query(LOCK_SUBSCRIPTION, owner)
    const { rowCount } = await client.query(SETTLE, [...values])
    if (rowCount !== 1) return false
    await client.query(DISABLE, [...owner, goneReason])
    await client.query(CANCEL_REST, owner)
    return true
  })
}

function valuesOf(delivery: ClaimedDelivery, settlement: Settlement): readonly unknown[] {
  const { fate, startedAt, durationMs, status, error } = settlement
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
  ]
}

const SETTLE = `
with mine as (
  update deliveries set status = $4, last_status = $6::integer, last_error = $7, lease_token = null,
    next_attempt_at = now() + $5::double precision * interval '1 ms'
  where workspace_id = $1 and id = $2 and lease_token = $3 and status = 'pending'
  returning workspace_id, id
), logged as (
  insert into delivery_attempts
    (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error)
  select workspace_id, id, $8::integer, $9::timestamptz, $10::real, $6::integer, $7 from mine
  on conflict do nothing
)
select id from mine`

const LOCK_SUBSCRIPTION = 'select from subscriptions where workspace_id = $1 and id = $2 for update'

const DISABLE = `
update subscriptions set is_enabled = false, disabled_reason = $3, updated_at = now()
where workspace_id = $1 and id = $2 and is_enabled`

// What is under way reports for itself; if it fails, its next claim finds the subscription disabled.
const CANCEL_REST = `
update deliveries set status = 'cancelled', next_attempt_at = null,
  last_error = 'subscription_disabled'
where workspace_id = $1 and subscription_id = $2 and status = 'pending' and lease_token is null`
