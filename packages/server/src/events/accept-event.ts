// One event, in one transaction with the change it tells of: stored once, its deliveries and its
// journeys with it.
//
// J1. What was acknowledged is stored: the caller commits, then answers.
// J2. The dedupe key decides: a repeat stores nothing, delivers nothing, starts nothing.

import type { Call } from '@bookend/contract'
import type pg from 'pg'
import type { Changes } from '../changes/changes.ts'
import type { Engine } from '../engine/engine.ts'
import { enqueueDeliveries } from '../store/postgres/deliveries.ts'
import type { NewEvent, StoredEvent } from '../store/postgres/events.ts'
import { insertEvent } from '../store/postgres/events.ts'

export interface Accepted {
  readonly event: StoredEvent
  readonly isDuplicate: boolean
  readonly runIds: readonly string[]
}

export async function acceptEvent(
  client: pg.PoolClient,
  engine: Pick<Engine, 'enqueue'>,
  event: NewEvent,
  call: Call | null,
  now: Date,
): Promise<Accepted> {
  const stored = await insertEvent(client, event, now)
  if (stored.isDuplicate) return { ...stored, runIds: [] }
  await enqueueDeliveries(client, stored.event)
  const runIds = await engine.enqueue(client, stored.event, call)
  return { ...stored, runIds }
}

/** Tells the workers, once the transaction has committed. */
export function announce(changes: Changes, { event, runIds }: Accepted): void {
  const { workspaceId, callId } = event
  for (const id of runIds) changes.publish({ topic: 'runs', workspaceId, id, callId })
  changes.publish({ topic: 'deliveries', workspaceId, id: event.id, callId })
  if (callId !== null) changes.publish({ topic: 'calls', workspaceId, id: callId, callId })
}
