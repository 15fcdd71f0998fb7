// One attempt: the event as its subscriber reads it, signed for this moment, sent once.
//
// T1. Nothing is sent that could outlast its lease: who woke up late sends nothing (F30).
// T2. The instant that is signed is the database's, carried on by the monotonic clock, so a wrong
//     wall clock here makes no receiver refuse it (F29).

import type { Call, EventEnvelope } from '@bookend/contract'
import { signMessage, type Clock, type HttpPort, type HttpResult } from '@bookend/core'
import type { Secrets } from '../../secrets/secrets.ts'
import type { Queryable } from '../../store/database.ts'
import { secretContext } from '../../store/postgres/subscriptions.ts'
import { leaseMs, type ClaimedDelivery } from './claim.ts'

export type FindCall = (
  client: Queryable,
  workspaceId: string,
  callId: string,
) => Promise<Call | null>

export interface AttemptPorts {
  readonly client: Queryable
  readonly outgoing: HttpPort
  readonly secrets: Secrets
  readonly findCall: FindCall
  readonly clock: Clock
}

/** A claimed delivery, and the monotonic reading before its claim. */
export interface HeldDelivery {
  readonly delivery: ClaimedDelivery
  readonly sinceMs: number
}

const EXCHANGE_MS = 15_000
const ANSWER_MAX_BYTES = 65_536
/** Kept of the lease for recording what came of it. */
const RECORD_MS = 2_000

/** The database's time now, as far as this process can tell. */
export function databaseNow({ delivery, sinceMs }: HeldDelivery, clock: Clock): Date {
  return new Date(delivery.claimedAt.getTime() + (clock.monotonicMs() - sinceMs))
}

/**
 * Null when too little was left of the lease to send.
 *
 * @throws {DatabaseAwayError} The call could not be read.
 * @throws {SecretUnreadableError}
 */
export async function makeAttempt(
  held: HeldDelivery,
  { client, outgoing, secrets, findCall, clock }: AttemptPorts,
  signal: AbortSignal,
): Promise<HttpResult | null> {
  const { workspaceId, callId, subscription, event } = held.delivery
  const wantsCall = subscription.payload === 'full' && callId !== null
  const call = wantsCall ? await findCall(client, workspaceId, callId) : null
  const context = secretContext(workspaceId, subscription.id)
  const sealed = [subscription.secret, subscription.previousSecret]
  const signing = sealed.flatMap((one) => (one === null ? [] : [secrets.decrypt(one, context)]))
  const body = renderEnvelope(held.delivery, call)
  const leftMs = held.sinceMs + leaseMs - RECORD_MS - clock.monotonicMs()
  if (leftMs <= 0) return null
  const sentAt = databaseNow(held, clock)
  return outgoing.send({
    method: 'POST',
    url: subscription.url,
    headers: {
      'content-type': 'application/json',
      ...signMessage(signing, { id: event.id, sentAt, body }),
    },
    body,
    totalMs: Math.min(EXCHANGE_MS, leftMs),
    maxBodyBytes: ANSWER_MAX_BYTES,
    signal,
  })
}

function renderEnvelope({ event, callId, attempt }: ClaimedDelivery, call: Call | null): string {
  const envelope: EventEnvelope = {
    event_type: event.type,
    event_id: event.id,
    created_at: event.createdAt.toISOString(),
    payload: {
      ...event.payload,
      call_id: callId,
      attempt,
      ...(call === null ? {} : { call }),
    },
  }
  return JSON.stringify(envelope)
}
