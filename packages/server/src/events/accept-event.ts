// One event, in one transaction with the change it tells of: stored once, its deliveries and its
// journeys with it.
//
// J1. What was acknowledged is stored: the caller commits, then answers.
// J2. The dedupe key decides: a repeat stores nothing, delivers nothing, starts nothing.

import type { Call } from '@bookend/contract'
import type pg from 'pg'
import type { Changes } from '../changes/changes.ts'
import type { Engine } from '../engine/engine.ts'
import { wakeWaiting } from '../engine/record-wait.ts'
import { enqueueAnalyses } from '../store/postgres/analyses.ts'
import { enqueueDeliveries, enqueueDeliveriesOfMany } from '../store/postgres/deliveries.ts'
import type { NewEvent, StoredEvent } from '../store/postgres/events.ts'
import { preparing } from '../store/prepared.ts'
import { insertEvent, insertNewEvents } from '../store/postgres/events.ts'

export interface Accepted {
  readonly event: StoredEvent
  readonly isDuplicate: boolean
  /** Whether a subscription is told of it. */
  readonly hasDeliveries: boolean
  /** Whether its call is to be analyzed. */
  readonly hasAnalyses: boolean
  readonly runIds: readonly string[]
  /** Runs that waited for such an event. */
  readonly wokenRunIds: readonly string[]
}

export async function acceptEvent(
  client: pg.PoolClient,
  engine: Pick<Engine, 'enqueue'>,
  event: NewEvent,
  call: Call | null,
  now: Date,
): Promise<Accepted> {
  const stored = await insertEvent(client, event, now)
  if (stored.isDuplicate) return { ...stored, ...nothing }
  const deliveries = await enqueueDeliveries(client, stored.event)
  const runIds = await engine.enqueue(client, stored.event, call)
  const analyzed = await enqueueAnalyses(client, [{ event, call }])
  const woken = await wakeWaiting(client, [stored.event])
  const wokenRunIds = woken.map(({ runId }) => runId)
  const hasDeliveries = deliveries.length > 0
  return { ...stored, hasDeliveries, hasAnalyses: analyzed.size > 0, runIds, wokenRunIds }
}

const nothing = { hasDeliveries: false, hasAnalyses: false, runIds: [], wokenRunIds: [] }

export interface EventOfCall {
  readonly event: NewEvent & { readonly id: string }
  /** May be left out where no journey is on the event's type. */
  readonly call: Call | null
}

/**
 * Many events, each of another call, with as few statements as one; the calls whose transcripts they
 * are of are locked. Answers those that are new.
 */
export async function acceptEventsOfCalls(
  client: pg.PoolClient,
  engine: Pick<Engine, 'enqueue'>,
  given: readonly EventOfCall[],
): Promise<readonly Accepted[]> {
  const often = preparing(client)
  const stored = await insertNewEvents(
    often,
    given.map(({ event }) => event),
  )
  const told = await enqueueDeliveriesOfMany(often, stored)
  const calls = new Map(given.map(({ event, call }) => [event.id, call]))
  const analyzed = await enqueueAnalyses(
    client,
    stored.map((event) => ({ event, call: calls.get(event.id) ?? null })),
  )
  const woken = await wakeWaiting(often, stored)
  const accepted: Accepted[] = []
  for (const event of stored) {
    const runIds = await engine.enqueue(client, event, calls.get(event.id) ?? null)
    // Which event tells of it does not matter, as long as one of the workspace does.
    const isFirst = !accepted.some((one) => one.event.workspaceId === event.workspaceId)
    const wokenRunIds = woken
      .filter(({ workspaceId }) => isFirst && workspaceId === event.workspaceId)
      .map(({ runId }) => runId)
    const hasDeliveries = told.has(event.id)
    const hasAnalyses = event.callId !== null && analyzed.has(event.callId)
    const is = { isDuplicate: false, hasDeliveries, hasAnalyses }
    accepted.push({ event, ...is, runIds, wokenRunIds })
  }
  return accepted
}

/** Tells the workers, once the transaction has committed. */
export function announce(
  changes: Pick<Changes, 'publish'>,
  { event, hasDeliveries, hasAnalyses, runIds, wokenRunIds }: Accepted,
): void {
  const { workspaceId, callId } = event
  for (const id of wokenRunIds) changes.publish({ topic: 'wakes', workspaceId, id, callId: null })
  if (runIds.length > 0) changes.publish({ topic: 'wakes', workspaceId, id: '', callId: null })
  for (const id of runIds) changes.publish({ topic: 'runs', workspaceId, id, callId })
  if (hasDeliveries) changes.publish({ topic: 'deliveries', workspaceId, id: event.id, callId })
  if (hasAnalyses) changes.publish({ topic: 'analyses', workspaceId, id: event.id, callId })
  if (callId !== null) changes.publish({ topic: 'calls', workspaceId, id: callId, callId })
}
