// What is heard of a platform's calls, beside the calls themselves.

import type { CallState } from '@bookend/platforms'
import type { Queryable } from '../database.ts'
import type { CallRow } from './call-row.ts'

export interface PlatformCallRow {
  readonly workspace_id: string
  readonly call_id: string
  readonly connection_id: string
  readonly state: CallState
  /** Types of events that were emitted of it. */
  readonly emitted: readonly string[]
  readonly run_id: string | null
  readonly linked_by: 'echo' | 'id' | 'numbers' | null
  /** By which the platform's API knows it, where that is another than its events'. */
  readonly fetch_id: string | null
  readonly fetch_tries: number
  /** When the platform is asked for its record next; null: not asked. */
  readonly fetch_at: Date | null
  readonly is_fetch_over: boolean
  /** When it is looked at again, whatever is heard until then. */
  readonly due_at: Date | null
}

export interface PlatformCallKey {
  readonly workspaceId: string
  readonly connectionId: string
}

/** Whoever hears of one call at the same time waits here, whichever of its ids they know it by. */
export async function lockCallIds(
  client: Queryable,
  { connectionId }: PlatformCallKey,
  ids: readonly string[],
): Promise<void> {
  await client.query(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended($1 || ' ' || id, 0) as key
       from unnest($2::text[]) as given (id) order by key) keys`,
    [connectionId, ids],
  )
}

/** The call that has one of these ids, locked; of several, the one that was known first. */
export async function findPlatformCall(
  client: Queryable,
  { workspaceId, connectionId }: PlatformCallKey,
  ids: readonly string[],
): Promise<PlatformCallRow | undefined> {
  const { rows: known } = await client.query<{ call_id: string }>(
    `select call_id from platform_call_ids
     where workspace_id = $1 and connection_id = $2 and platform_call_id = any($3)
     order by call_id limit 1`,
    [workspaceId, connectionId, ids],
  )
  const [first] = known
  return first === undefined
    ? undefined
    : await lockPlatformCall(client, workspaceId, first.call_id)
}

export async function lockPlatformCall(
  client: Queryable,
  workspaceId: string,
  callId: string,
): Promise<PlatformCallRow | undefined> {
  const { rows } = await client.query<PlatformCallRow>(
    'select * from platform_calls where workspace_id = $1 and call_id = $2 for update',
    [workspaceId, callId],
  )
  return rows[0]
}

export async function insertPlatformCall(client: Queryable, row: PlatformCallRow): Promise<void> {
  await client.query(
    `insert into platform_calls (workspace_id, call_id, connection_id, state)
     values ($1, $2, $3, $4)`,
    [row.workspace_id, row.call_id, row.connection_id, JSON.stringify(row.state)],
  )
}

export async function updatePlatformCall(client: Queryable, row: PlatformCallRow): Promise<void> {
  await client.query(
    `update platform_calls set state = $3, emitted = $4, run_id = $5, linked_by = $6,
       fetch_tries = $7, fetch_at = $8, is_fetch_over = $9, due_at = $10, fetch_id = $11, heard_at = now()
     where workspace_id = $1 and call_id = $2`,
    [
      row.workspace_id,
      row.call_id,
      JSON.stringify(row.state),
      row.emitted,
      row.run_id,
      row.linked_by,
      row.fetch_tries,
      row.fetch_at,
      row.is_fetch_over,
      row.due_at,
      row.fetch_id,
    ],
  )
}

export async function addCallIds(client: Queryable, row: PlatformCallRow): Promise<void> {
  const { callIds, aliases } = row.state
  await client.query(
    `insert into platform_call_ids (workspace_id, connection_id, platform_call_id, call_id)
     select $1, $2, id, $3 from unnest($4::text[]) as given (id) on conflict do nothing`,
    [row.workspace_id, row.connection_id, row.call_id, [...new Set([...callIds, ...aliases])]],
  )
}

export async function insertCall(client: Queryable, call: CallRow): Promise<void> {
  const columns = Object.keys(call).join(', ')
  await client.query(
    `insert into calls (${columns})
     select ${columns} from jsonb_populate_record(null::calls, $1)`,
    [JSON.stringify(call)],
  )
}

/** Everything of a call that can be learnt later. */
export async function updateCall(client: Queryable, call: CallRow): Promise<void> {
  await client.query(
    `update calls c set status = n.status, direction = n.direction, from_number = n.from_number,
       to_number = n.to_number, from_number_e164 = n.from_number_e164,
       to_number_e164 = n.to_number_e164, agent_id = n.agent_id, agent_version = n.agent_version,
       agent = n.agent, params = n.params, outcome = n.outcome, pre_call = n.pre_call,
       started_at = n.started_at, ended_at = n.ended_at, duration_s = n.duration_s,
       ended_reason = n.ended_reason, answered_by = n.answered_by, transferred = n.transferred,
       recording_url = n.recording_url, summary = n.summary, analysis_results = n.analysis_results
     from jsonb_populate_record(null::calls, $3) n
     where c.workspace_id = $1 and c.id = $2`,
    [call.workspace_id, call.id, JSON.stringify(call)],
  )
}
