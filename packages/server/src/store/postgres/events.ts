import type { JsonObject } from '@bookend/contract'
import { createId } from '@bookend/core'
import { ProblemError } from '../../http/problem.ts'
import type { Queryable } from '../database.ts'

export interface NewEvent {
  readonly workspaceId: string
  /** Given for a workspace's own events; made for Bookend's. */
  readonly id?: string
  readonly type: string
  /** The same for what is the same event, however often it is reported (J2). */
  readonly dedupeKey: string
  readonly callId: string | null
  readonly payload: JsonObject
}

export interface StoredEvent {
  readonly workspaceId: string
  readonly id: string
  readonly type: string
  readonly callId: string | null
  readonly payload: JsonObject
  readonly createdAt: Date
}

export const createEventId = (now: Date): string => `evt_${createId(now).replaceAll('-', '')}`

interface EventRow {
  readonly id: string
  readonly type: string
  readonly call_id: string | null
  readonly payload: JsonObject
  readonly created_at: Date
}

/** Stores the event, unless one with its dedupe key is stored already. */
export async function insertEvent(
  client: Queryable,
  event: NewEvent,
  now: Date,
): Promise<{ event: StoredEvent; isDuplicate: boolean }> {
  const { workspaceId, dedupeKey } = event
  const { rows } = await client.query<EventRow>(
    `insert into events (workspace_id, id, type, dedupe_key, call_id, payload)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning *`,
    [
      workspaceId,
      event.id ?? createEventId(now),
      event.type,
      dedupeKey,
      event.callId,
      JSON.stringify(event.payload),
    ],
  )
  const [inserted] = rows
  if (inserted !== undefined) return { event: asEvent(workspaceId, inserted), isDuplicate: false }
  const { rows: stored } = await client.query<EventRow>(
    'select * from events where workspace_id = $1 and dedupe_key = $2',
    [workspaceId, dedupeKey],
  )
  const [earlier] = stored
  if (earlier === undefined) {
    throw new ProblemError('already_exists', 'The event_id is that of another event')
  }
  return { event: asEvent(workspaceId, earlier), isDuplicate: true }
}

interface InsertedRow {
  readonly workspace_id: string
  readonly id: string
  readonly created_at: Date
}

/** Stores what is new of many, in one statement; of an event that is there already, nothing. */
export async function insertNewEvents(
  client: Queryable,
  events: readonly (NewEvent & { readonly id: string })[],
): Promise<readonly StoredEvent[]> {
  if (events.length === 0) return []
  const { rows: inserted } = await client.query<InsertedRow>(
    `insert into events (workspace_id, id, type, dedupe_key, call_id, payload)
     select workspace_id, id, type, dedupe_key, call_id, payload::jsonb
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[])
       as e (workspace_id, id, type, dedupe_key, call_id, payload)
     on conflict do nothing returning id, workspace_id, created_at`,
    [
      events.map((event) => event.workspaceId),
      events.map((event) => event.id),
      events.map((event) => event.type),
      events.map((event) => event.dedupeKey),
      events.map((event) => event.callId),
      events.map((event) => JSON.stringify(event.payload)),
    ],
  )
  const createdAt = new Map(
    inserted.map((row) => [nameOf(row.workspace_id, row.id), row.created_at]),
  )
  const stored: StoredEvent[] = []
  for (const { workspaceId, id, type, callId, payload } of events) {
    const name = nameOf(workspaceId, id)
    const at = createdAt.get(name)
    // Of the same id twice among those given, the first was stored.
    if (at === undefined || !createdAt.delete(name)) continue
    stored.push({ workspaceId, id, type, callId, payload, createdAt: at })
  }
  return stored
}

const nameOf = (workspaceId: string, id: string): string => `${workspaceId} ${id}`

export const eventKey = (event: Pick<NewEvent, 'workspaceId' | 'dedupeKey'>): string =>
  `${event.workspaceId} ${event.dedupeKey}`

/** Ids of events that are stored already, by their keys. */
export async function findEventIds(
  client: Queryable,
  keys: readonly Pick<NewEvent, 'workspaceId' | 'dedupeKey'>[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map()
  const { rows } = await client.query<{ workspace_id: string; dedupe_key: string; id: string }>(
    `select workspace_id, dedupe_key, e.id from unnest($1::uuid[], $2::text[]) as k (workspace_id, dedupe_key)
     join events e using (workspace_id, dedupe_key)`,
    [keys.map(({ workspaceId }) => workspaceId), keys.map(({ dedupeKey }) => dedupeKey)],
  )
  return new Map(
    rows.map((row) => [
      eventKey({ workspaceId: row.workspace_id, dedupeKey: row.dedupe_key }),
      row.id,
    ]),
  )
}

const asEvent = (workspaceId: string, row: EventRow): StoredEvent => ({
  workspaceId,
  id: row.id,
  type: row.type,
  callId: row.call_id,
  payload: row.payload,
  createdAt: row.created_at,
})

export async function eventsOfCall(
  client: Queryable,
  workspaceId: string,
  callId: string,
): Promise<readonly StoredEvent[]> {
  const { rows } = await client.query<EventRow>(
    'select * from events where workspace_id = $1 and call_id = $2 order by created_at, id',
    [workspaceId, callId],
  )
  return rows.map((row) => asEvent(workspaceId, row))
}
