// Receipts, and the effects they are of.
//
// W1. Whose a receipt is was noted before the effect was sent; one of no effect of ours is not stored.
// W2. One that is told again changes nothing.

import type { SeenReceipt } from '@bookend/core'
import type { Queryable } from '../store/database.ts'

/** Beside a statement of the journal, whose run is `mine`: notes whose the keys of these writes are. */
export const awaitReceipts = (step: string, writes: string): string => `
  awaited as (
    insert into awaited_receipts (workspace_id, key, run_id, step, connection)
    select mine.workspace_id, w.key, mine.id, ${step}, w.connection
    from mine, jsonb_to_recordset(${writes}::jsonb)
      as w (key text, connection text, "isReceipted" boolean)
    where w."isReceipted" on conflict do nothing
  ),`

/** Whether there is a receipt of each write of the step `s` that a repeat would do twice. */
export const NEEDS_NO_MORE = `(s.writes @? '$[*] ? (@.isReceipted == true)' and not exists (
    select from jsonb_to_recordset(s.writes) as w (key text, class text, "isReceipted" boolean)
    where (w.class = 'none' or w."isReceipted") and not exists (
      select from receipts told where told.workspace_id = s.workspace_id and told.key = w.key)))`

/** Stores those of effects that were sent by this connection. Answers their runs. */
export async function storeReceipts(
  client: Queryable,
  workspaceId: string,
  connection: string,
  receipts: readonly SeenReceipt[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ run_id: string }>(
    `with told as (
       select distinct on (key, id) * from jsonb_to_recordset($3::jsonb)
         as t (key text, id text, status text, reference text, told_at timestamptz)
     ), ours as (
       select told.*, a.run_id from told join awaited_receipts a on a.workspace_id = $1
         and a.key = told.key and a.connection = $2
     ), stored as (
       insert into receipts (workspace_id, key, id, status, reference, told_at)
       select $1, key, id, status, reference, told_at from ours on conflict do nothing
     )
     select distinct run_id from ours order by run_id`,
    [
      workspaceId,
      connection,
      JSON.stringify(receipts.map(({ toldAt, ...rest }) => ({ ...rest, told_at: toldAt }))),
    ],
  )
  return rows.map(({ run_id: runId }) => runId)
}

/** The step that failed the run, if it was parked and is known to be done by now; its row is locked. */
export async function findProvenStep(
  client: Queryable,
  workspaceId: string,
  runId: string,
): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    `select s.name from runs r join run_steps s on s.workspace_id = r.workspace_id
       and s.run_id = r.id and s.name = r.failed_step
     where r.workspace_id = $1 and r.id = $2 and r.status = 'failed' and s.status = 'failed'
       and s.error like 'maybe done: %' and ${NEEDS_NO_MORE}`,
    [workspaceId, runId],
  )
  return rows[0]?.name ?? null
}

const ISO = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Of the step `s`, as the contract has them; null: none. */
export const RECEIPTS = `(select jsonb_agg(jsonb_build_object('status', t.status,
    'reference', t.reference, 'told_at', ${ISO('t.told_at')}, 'received_at', ${ISO('t.received_at')})
    order by coalesce(t.told_at, t.received_at), t.received_at, t.id)
  from awaited_receipts a join receipts t on t.workspace_id = a.workspace_id and t.key = a.key
  where a.workspace_id = s.workspace_id and a.run_id = s.run_id and a.step = s.name)`
