// What systems said of how much they may be asked, for all processes.

import type { Queryable } from '../database.ts'

export interface RateLimitRow {
  readonly account: string
  readonly bucket: string
  readonly quota: number | null
  readonly remaining: number | null
  readonly reset_at: Date | null
  readonly blocked_until: Date | null
}

/** A refusal is never shortened by a process that has not heard of it. */
export async function saveRateLimits(
  client: Queryable,
  workspaceId: string,
  rows: readonly RateLimitRow[],
): Promise<void> {
  await client.query(
    `insert into rate_limits as r
       (workspace_id, account, bucket, quota, remaining, reset_at, blocked_until)
     select $1, n.account, n.bucket, n.quota, n.remaining, n.reset_at, n.blocked_until
     from jsonb_to_recordset($2::jsonb) as n(account text, bucket text, quota integer,
       remaining integer, reset_at timestamptz, blocked_until timestamptz)
     order by n.account, n.bucket
     on conflict (workspace_id, account, bucket) do update set
       quota = coalesce(excluded.quota, r.quota),
       remaining = excluded.remaining,
       reset_at = excluded.reset_at,
       blocked_until = greatest(r.blocked_until, excluded.blocked_until),
       updated_at = now()`,
    [workspaceId, JSON.stringify(rows)],
  )
}

/** What still holds: of the rest a new process begins as if nothing were known. */
export async function listRateLimits(
  client: Queryable,
  workspaceId: string,
): Promise<readonly RateLimitRow[]> {
  const { rows } = await client.query<RateLimitRow>(
    `select account, bucket, quota, remaining, reset_at, blocked_until
     from rate_limits
     where workspace_id = $1 and (blocked_until > now() or reset_at > now())`,
    [workspaceId],
  )
  return rows
}

export async function forgetOldRateLimits(client: Queryable, workspaceId: string): Promise<void> {
  await client.query(
    `delete from rate_limits where workspace_id = $1 and updated_at < now() - interval '2 days'`,
    [workspaceId],
  )
}
