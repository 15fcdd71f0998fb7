// What systems said of how much they may be asked: kept for a restart, and for the other processes.

export const rateLimits = {
  name: '0018-rate-limits',
  sql: `
create table rate_limits (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  account text not null,
  bucket text not null,
  quota integer,
  remaining integer,
  reset_at timestamptz,
  blocked_until timestamptz,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, account, bucket)
);
`,
} as const
