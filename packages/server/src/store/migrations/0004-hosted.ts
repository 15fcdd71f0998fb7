// Workflows that others ask: each has a bearer token, and its runs belong to no call of ours.

export const hosted = {
  name: '0004-hosted',
  sql: `
create table workflow_tokens (
  workspace_id uuid not null references workspaces (id),
  name text not null,
  token bytea not null,
  previous bytea,
  previous_until timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, name)
);

alter table runs add column repeat_of uuid;
`,
} as const
