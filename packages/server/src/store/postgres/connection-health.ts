// How connections are doing, summed over processes.

import type { Queryable } from '../database.ts'

/** What one process saw of a connection since it last told. */
export interface SeenUse {
  readonly name: string
  readonly usedAt: Date
  readonly successAt: Date | null
  readonly failureAt: Date | null
  readonly failureCode: string | null
  readonly calls: number
  readonly failures: number
}

export interface HealthRow {
  readonly name: string
  readonly last_used_at: Date
  readonly last_success_at: Date | null
  readonly last_failure_at: Date | null
  readonly last_failure_code: string | null
  readonly attention_since: Date | null
  readonly attention_code: string | null
  readonly calls: number
  readonly failures: number
}

export async function addUses(
  client: Queryable,
  workspaceId: string,
  seen: readonly SeenUse[],
): Promise<void> {
  const uses = JSON.stringify(seen.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  await client.query(
    `insert into connection_health as h (workspace_id, name, last_used_at, last_success_at,
       last_failure_at, last_failure_code)
     select $1, u.name, u."usedAt", u."successAt", u."failureAt", u."failureCode"
     from ${SEEN}
     on conflict (workspace_id, name) do update set
       last_used_at = greatest(h.last_used_at, excluded.last_used_at),
       last_success_at = greatest(h.last_success_at, excluded.last_success_at),
       last_failure_code = case
         when coalesce(excluded.last_failure_at >= h.last_failure_at, h.last_failure_at is null)
         then excluded.last_failure_code else h.last_failure_code end,
       last_failure_at = greatest(h.last_failure_at, excluded.last_failure_at)`,
    [workspaceId, uses],
  )
  await client.query(
    `insert into connection_minutes as m (workspace_id, name, minute, calls, failures)
     select $1, u.name, date_trunc('minute', u."usedAt"), u.calls, u.failures from ${SEEN}
     on conflict (workspace_id, name, minute) do update set
       calls = m.calls + excluded.calls, failures = m.failures + excluded.failures`,
    [workspaceId, uses],
  )
  await client.query(
    `delete from connection_minutes
     where workspace_id = $1 and name = any($2) and minute < now() - interval '2 hours'`,
    [workspaceId, seen.map(({ name }) => name)],
  )
}

const SEEN = `jsonb_to_recordset($2::jsonb) as u (name text, "usedAt" timestamptz,
       "successAt" timestamptz, "failureAt" timestamptz, "failureCode" text, calls integer,
       failures integer)`

/** Whether it was not marked before: one of several processes hears true. */
export async function markAttention(
  client: Queryable,
  workspaceId: string,
  { name, code }: { readonly name: string; readonly code: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection_health set attention_since = now(), attention_code = $3
     where workspace_id = $1 and name = $2 and attention_since is null`,
    [workspaceId, name, code],
  )
  return rowCount === 1
}

/** Whether one of them was marked. */
export async function clearAttention(
  client: Queryable,
  workspaceId: string,
  names: readonly string[],
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection_health set attention_since = null, attention_code = null
     where workspace_id = $1 and name = any($2) and attention_since is not null`,
    [workspaceId, names],
  )
  return (rowCount ?? 0) > 0
}

export async function listHealth(
  client: Queryable,
  workspaceId: string,
): Promise<Map<string, HealthRow>> {
  const { rows } = await client.query<HealthRow>(
    `select h.*, coalesce(m.calls, 0)::integer as calls, coalesce(m.failures, 0)::integer as failures
     from connection_health h left join (
       select name, sum(calls) as calls, sum(failures) as failures from connection_minutes
       where workspace_id = $1 and minute > now() - interval '1 hour' group by name
     ) m on m.name = h.name
     where h.workspace_id = $1`,
    [workspaceId],
  )
  return new Map(rows.map((row) => [row.name, row]))
}
