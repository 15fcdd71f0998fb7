// Waits for an event, as `run_steps` keeps them.
//
// E1. A wait counts events from the start of the step that ended last: what asks for an answer may be
//     answered before the step that asked is over.
// E2. An event about calls counts for a run about a call when it is about the same one.

import type { JsonObject } from '@bookend/contract'
import type { JourneyEvent } from '@bookend/core'
import { CANDIDATES_MAX } from '@bookend/core'
import type { Database, Queryable } from '../store/database.ts'
import type { OpenRun } from './postgres-journal.ts'

export const WAIT_COLUMNS = 'event_type, event_filter, since, began_at'

/** For `mine`, the run that begins to wait. */
export const waitValues = (eventType: string, filter: string): string => `
  ${eventType}::text, ${filter}::jsonb,
  coalesce((
    select mine.started_at + interval '1 millisecond' * case when p.kind = 'step' then p.start_ms
      else p.start_ms + coalesce(p.duration_ms, 0) end
    from run_steps p
    where p.workspace_id = mine.workspace_id and p.run_id = mine.id and p.status in ('ok', 'failed')
    order by p.start_ms + coalesce(p.duration_ms, 0) desc limit 1
  ), mine.queued_at, mine.started_at), clock_timestamp()`

const IS_SAME_CALL = (type: string, callId: string): string =>
  `(${type} not like 'call.%' or r.call_id is null or r.call_id = ${callId})`

export async function readCandidates(
  database: Database,
  { workspaceId, runId }: OpenRun,
  name: string,
  after: JourneyEvent | null,
): Promise<readonly JourneyEvent[]> {
  const rows = await database.query<{
    id: string
    type: string
    payload: JsonObject
    created_at: Date
  }>(
    `select e.id, e.type, e.payload, e.created_at
     from run_steps s
       join runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
       join events e on e.workspace_id = s.workspace_id and e.type = s.event_type
         and e.created_at between s.since and s.wake_at
     where s.workspace_id = $1 and s.run_id = $2 and s.name = $3
       and e.payload @> s.event_filter and ${IS_SAME_CALL('e.type', 'e.call_id')}
       and ($4::timestamptz is null
         or (date_trunc('milliseconds', e.created_at), e.id) > ($4::timestamptz, $5::text))
     order by date_trunc('milliseconds', e.created_at), e.id limit ${CANDIDATES_MAX}`,
    [workspaceId, runId, name, after?.created_at ?? null, after?.event_id ?? null],
  )
  return rows.map(({ id, type, payload, created_at }) => ({
    event_id: id,
    event_type: type,
    created_at: created_at.toISOString(),
    payload,
  }))
}

/** Events are stored in another order than they begin in; those of the last seconds are kept. */
export const passOver = (thisStep: string): string =>
  `update run_steps s
   set since = greatest(s.since, least($5::timestamptz, clock_timestamp() - interval '30 seconds'))
   from mine where ${thisStep} and s.status = 'waiting' returning s.name`

export interface StoredForWaits {
  readonly workspaceId: string
  readonly type: string
  readonly callId: string | null
  readonly payload: JsonObject
}

/**
 * In the events' own transaction, after they are stored: wakes the runs that wait for them. Nothing
 * of an author's runs here; the runs themselves look at what came. Answers which.
 */
export async function wakeWaiting(
  client: Queryable,
  events: readonly StoredForWaits[],
): Promise<readonly { readonly workspaceId: string; readonly runId: string }[]> {
  if (events.length === 0) return []
  const given = events.map(({ workspaceId, type, callId, payload }) => ({
    workspace_id: workspaceId,
    type,
    call_id: callId,
    payload,
  }))
  const { rows } = await client.query<{ workspace_id: string; id: string }>(
    `with given as (
       select * from jsonb_to_recordset($1::jsonb)
         as g (workspace_id uuid, type text, call_id uuid, payload jsonb)
     ), due as (
       select o.workspace_id, o.id from runs o where (o.workspace_id, o.id) in (
         select r.workspace_id, r.id from given g
           join run_steps s on s.workspace_id = g.workspace_id and s.event_type = g.type
             and s.status = 'waiting' and g.payload @> s.event_filter
           join runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
         where ${IS_SAME_CALL('g.type', 'g.call_id')})
       order by o.id for no key update
     )
     update runs r set wake_at = least(r.wake_at, clock_timestamp()) from due
     where r.workspace_id = due.workspace_id and r.id = due.id
       and r.status in ('queued', 'running', 'waiting')
     returning r.workspace_id, r.id`,
    [JSON.stringify(given)],
  )
  return rows.map(({ workspace_id, id }) => ({ workspaceId: workspace_id, runId: id }))
}
