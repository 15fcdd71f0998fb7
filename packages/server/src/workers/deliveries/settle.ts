// Records what came of an attempt.
//
// R1. Only the holder of the lease's token writes: who is late changes nothing and logs nothing (F30).
// R2. Writing twice is writing once, so a commit whose reply was lost may be tried again (F14).
// R3. The subscription's count of failures is written with the attempt that changes it.
// R4. What ends at the same time is recorded together, so that quick endpoints cost few commits.

import type { DeliveryAttempt } from '@bookend/contract'
import { endpointPauseMs, failuresToPause, type Clock, type EndpointHealth } from '@bookend/core'
import type { Engine } from '../../engine/engine.ts'
import type { Accepted } from '../../events/accept-event.ts'
import { createGroupWork } from '../../events/group-work.ts'
import { isAway, type Database, type Queryable } from '../../store/database.ts'
import type { ClaimedDelivery } from './claim.ts'
import { disableSubscription, goneReason } from './disable.ts'

type Fate =
  | { kind: 'delivered' }
  | { kind: 'again'; delayMs: number }
  | { kind: 'dead' }
  /** 410: this one is cancelled, so is all that waits for the subscription, which is disabled. */
  | { kind: 'gone' }
  /** Cut off by our own end; due at once for whoever goes on. */
  | { kind: 'released' }
  /** Stopped by a cap of our own before anything was sent: it was no attempt. */
  | { kind: 'held'; delayMs: number }

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
  held: 'pending',
} as const satisfies { readonly [K in Fate['kind']]: string }

export interface SettleParts {
  readonly database: Database
  readonly engine: Pick<Engine, 'enqueue'>
  readonly clock: Clock
}

/**
 * Null when it was no longer ours to record.
 *
 * @throws {DatabaseAwayError} Safe to call again.
 */
export type Settle = (delivery: ClaimedDelivery, settlement: Settlement) => Promise<Settled | null>

interface Outcome {
  readonly delivery: ClaimedDelivery
  readonly settlement: Settlement
}

export function createSettle({ database, engine, clock }: SettleParts): Settle {
  const recordTogether = createGroupWork<Outcome, Settled | null>({
    // In a transaction for its retries: groups of two workers may lock subscriptions crosswise.
    run: (records) => database.keyedTransaction((client) => write(client, records)),
    isShared: isAway,
    // One: what ends while the last group is written is the next.
    lanes: 1,
    groupMax: 64,
  })

  const recordGone = (delivery: ClaimedDelivery, settlement: Settlement): Promise<Settled | null> =>
    database.transaction(async (client) => {
      const { workspaceId } = delivery
      const { id } = delivery.subscription
      // The subscription first, so that two of its deliveries that hear 410 at once wait here, in order.
      await client.query(LOCK_SUBSCRIPTION, [workspaceId, id])
      const [settled] = await write(client, [{ delivery, settlement }])
      if (settled === null || settled === undefined) return null
      const subscription = { workspaceId, id, reason: goneReason }
      const notice = await disableSubscription(client, engine, subscription, clock.now())
      return { health: null, notice }
    })

  return (delivery, settlement) =>
    settlement.fate.kind === 'gone'
      ? recordGone(delivery, settlement)
      : recordTogether({ delivery, settlement })
}

interface SettledRow {
  readonly lease_token: string
  readonly failures_in_row: number | null
  readonly failing_since: Date | null
  readonly warned_at: Date | null
}

async function write(
  client: Queryable,
  records: readonly Outcome[],
): Promise<readonly (Settled | null)[]> {
  const { rows } = await client.query<SettledRow>(SETTLE, [
    ...columnsOf(records),
    failuresToPause,
    endpointPauseMs,
  ])
  const settled = new Map(rows.map((row) => [row.lease_token, row]))
  return records.map(({ delivery }) => {
    const row = settled.get(delivery.leaseToken)
    return row === undefined ? null : { health: readHealth(row), notice: null }
  })
}

/** In the order in which the statement names them. */
function columnsOf(records: readonly Outcome[]): readonly (readonly unknown[])[] {
  const column = (read: (record: Outcome) => unknown): unknown[] => records.map(read)
  return [
    column(({ delivery }) => delivery.workspaceId),
    column(({ delivery }) => delivery.id),
    column(({ delivery }) => delivery.leaseToken),
    column(({ settlement: { fate } }) => STATUS_AFTER[fate.kind]),
    column(({ settlement: { fate } }) => waitMsAfter(fate)),
    column(({ settlement }) => settlement.status),
    column(({ settlement }) => settlement.error),
    column(({ delivery }) => delivery.attempt),
    column(({ settlement }) => settlement.startedAt),
    column(({ settlement }) => settlement.durationMs),
    column(({ settlement }) =>
      settlement.phases === null ? null : JSON.stringify(settlement.phases),
    ),
    column(({ settlement }) => settlement.answer),
    column(({ settlement: { fate } }) => HAS_FAILED_AFTER[fate.kind]),
    column(({ settlement: { fate } }) => fate.kind === 'held'),
  ]
}

function waitMsAfter(fate: Fate): number | null {
  if (fate.kind === 'again' || fate.kind === 'held') return fate.delayMs
  return fate.kind === 'released' ? 0 : null
}

/** What the endpoint did; null: nothing that says anything of it. */
const HAS_FAILED_AFTER = {
  delivered: false,
  again: true,
  dead: true,
  gone: null,
  released: null,
  held: null,
} as const satisfies { readonly [K in Fate['kind']]: boolean | null }

const readHealth = (row: SettledRow): EndpointHealth | null =>
  row.failures_in_row === null
    ? null
    : {
        failuresInRow: row.failures_in_row,
        failingSince: row.failing_since,
        isWarned: row.warned_at !== null,
      }

// Who holds a lease's token holds a delivery that is pending; to ask for that as well would have the
// planner go through the index of what waits, which is long with what waited a moment ago.
// Of one subscription's attempts that are recorded together, one success ends the row of failures. Of
// many successes one in ten seconds is written to it: the row would be the hottest of all.
const SETTLE = `
with given as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::double precision[],
    $6::integer[], $7::text[], $8::integer[], $9::timestamptz[], $10::real[], $11::text[],
    $12::text[], $13::boolean[], $14::boolean[])
    as g (workspace_id, id, lease_token, next_status, wait_ms, answer_status, error, attempt,
      started_at, duration_ms, phases, answer, has_failed, is_held)
), mine as (
  update deliveries d set status = g.next_status, last_status = g.answer_status,
    last_error = g.error, lease_token = null,
    attempts = d.attempts - case when g.is_held then 1 else 0 end,
    next_attempt_at = now() + g.wait_ms * interval '1 ms'
  from given g
  where d.workspace_id = g.workspace_id and d.id = g.id and d.lease_token = g.lease_token
  returning g.*, d.subscription_id
), logged as (
  insert into delivery_attempts
    (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error, phases, answer)
  select workspace_id, id, attempt, started_at, duration_ms, answer_status, error, phases::jsonb,
    answer
  from mine where not is_held on conflict do nothing
), tally as (
  select workspace_id, subscription_id, bool_and(has_failed) as has_failed,
    count(*)::integer as attempts
  from mine where has_failed is not null group by workspace_id, subscription_id
), endpoint as (
  update subscriptions s set
    failures_in_row = case when t.has_failed then s.failures_in_row + t.attempts else 0 end,
    failing_since = case when t.has_failed then coalesce(s.failing_since, now()) end,
    warned_at = case when t.has_failed then s.warned_at end,
    last_success_at = case when t.has_failed then s.last_success_at else now() end,
    paused_until = case when t.has_failed and s.failures_in_row + t.attempts >= $15::integer
      then now() + $16::integer * interval '1 ms' end
  from tally t
  where s.workspace_id = t.workspace_id and s.id = t.subscription_id
    and (t.has_failed or s.failures_in_row > 0 or s.last_success_at is null
      or s.last_success_at < now() - interval '10 s')
  returning s.workspace_id, s.id, s.failures_in_row, s.failing_since, s.warned_at
)
select mine.lease_token, endpoint.failures_in_row, endpoint.failing_since, endpoint.warned_at
from mine left join endpoint
  on endpoint.workspace_id = mine.workspace_id and endpoint.id = mine.subscription_id`

const LOCK_SUBSCRIPTION = 'select from subscriptions where workspace_id = $1 and id = $2 for update'
