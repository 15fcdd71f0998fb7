// One batch of old rows of each kind; every function answers how many it deleted, at most `limit`.

import type { Queryable } from '../../store/database.ts'

export interface Batch {
  readonly workspaceId: string
  readonly days: number
  readonly limit: number
}

const BEFORE = (column: string): string => `${column} < now() - make_interval(days => $2)`
const OPEN = "('queued', 'running', 'waiting')"

/** Their transcripts, tags, events, deliveries and runs go with them. */
export async function deleteCalls(client: Queryable, batch: Batch): Promise<number> {
  const { workspaceId, days, limit } = batch
  const { rows } = await client.query<{ id: string }>(
    `select c.id from calls c
     where c.workspace_id = $1 and ${BEFORE('c.created_at')} and not exists (
       select 1 from runs r
       where r.workspace_id = c.workspace_id and r.call_id = c.id and r.status in ${OPEN})
     order by c.created_at, c.id limit $3 for update of c skip locked`,
    [workspaceId, days, limit],
  )
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  for (const [table, column] of CALL_PARTS) {
    await client.query(`delete from ${table} where workspace_id = $1 and ${column} = any($2)`, [
      workspaceId,
      ids,
    ])
  }
  return ids.length
}

/** What refers to a call, before the call itself. */
const CALL_PARTS = [
  ['events', 'call_id'],
  ['runs', 'call_id'],
  ['calls', 'id'],
] as const

/** Those that belong to no call and are over. */
export const deleteRuns = (client: Queryable, batch: Batch): Promise<number> =>
  remove(
    client,
    batch,
    `delete from runs where workspace_id = $1 and id in (
       select id from runs
       where workspace_id = $1 and call_id is null and ${BEFORE('started_at')}
         and status not in ${OPEN}
       order by started_at limit $3)`,
  )

/** Those of calls as well, where runs are kept for less time than their call. */
export const deleteRunsOfCalls = (client: Queryable, batch: Batch): Promise<number> =>
  remove(
    client,
    batch,
    `delete from runs where workspace_id = $1 and id in (
       select id from runs
       where workspace_id = $1 and ${BEFORE('started_at')} and status not in ${OPEN}
       order by started_at limit $3)`,
  )

/** What was said in calls that are over; the call itself stays. */
export const deleteTranscripts = (client: Queryable, batch: Batch): Promise<number> =>
  remove(
    client,
    batch,
    `delete from transcript_entries where workspace_id = $1 and (call_id, sequence) in (
       select t.call_id, t.sequence from transcript_entries t
         join calls c on c.workspace_id = t.workspace_id and c.id = t.call_id
       where t.workspace_id = $1 and ${BEFORE('t.received_at')} and c.ended_at is not null
         and not exists (
           select 1 from runs r where r.workspace_id = t.workspace_id and r.call_id = t.call_id
             and r.status in ${OPEN})
       limit $3)`,
  )

/** Those that belong to no call, with their deliveries; an open run still reads its own. */
export const deleteEvents = (client: Queryable, batch: Batch): Promise<number> =>
  remove(
    client,
    batch,
    `delete from events where workspace_id = $1 and id in (
       select e.id from events e
       where e.workspace_id = $1 and e.call_id is null and ${BEFORE('e.created_at')}
         and not exists (
           select 1 from runs r where r.workspace_id = e.workspace_id and r.event_id = e.id
             and r.kind = 'journey' and r.status in ${OPEN})
       order by e.created_at limit $3)`,
  )

/** Those that ended, where their event is kept for an open run. */
export const deleteDeliveries = (client: Queryable, batch: Batch): Promise<number> =>
  remove(
    client,
    batch,
    `delete from deliveries where workspace_id = $1 and id in (
       select id from deliveries
       where workspace_id = $1 and status <> 'pending' and ${BEFORE('created_at')}
       order by created_at limit $3)`,
  )

/** What voice platforms delivered, and what came of it. */
export const deletePlatformDeliveries = (client: Queryable, batch: Batch): Promise<number> =>
  remove(
    client,
    batch,
    `delete from platform_deliveries where workspace_id = $1 and id in (
       select id from platform_deliveries
       where workspace_id = $1 and ${BEFORE('received_at')}
       order by received_at limit $3)`,
  )

/** They answer for a day, whatever else is kept. */
export const deleteIdempotencyKeys = (client: Queryable, batch: Batch): Promise<number> =>
  remove(
    client,
    { ...batch, days: 1 },
    `delete from idempotency_keys where workspace_id = $1 and (route, key) in (
       select route, key from idempotency_keys
       where workspace_id = $1 and ${BEFORE('created_at')} limit $3)`,
  )

async function remove(
  client: Queryable,
  { workspaceId, days, limit }: Batch,
  statement: string,
): Promise<number> {
  const { rowCount } = await client.query(statement, [workspaceId, days, limit])
  return rowCount ?? 0
}
