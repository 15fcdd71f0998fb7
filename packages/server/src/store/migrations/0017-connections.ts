// Accounts of other systems, how they are doing, and who changed what.

export const connections = {
  name: '0017-connections',
  sql: `
create table connections (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  name text not null,
  version integer not null default 1,
  settings jsonb not null,
  auth bytea,
  auth_shown jsonb,
  destination text not null,
  unusable text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, name)
);

create table connection_health (
  workspace_id uuid not null references workspaces (id),
  name text not null,
  last_used_at timestamptz not null,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure_code text,
  attention_since timestamptz,
  attention_code text,
  primary key (workspace_id, name)
);

create table connection_minutes (
  workspace_id uuid not null,
  name text not null,
  minute timestamptz not null,
  calls integer not null,
  failures integer not null,
  primary key (workspace_id, name, minute),
  foreign key (workspace_id, name)
    references connection_health (workspace_id, name) on delete cascade
);

create table audit (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  created_at timestamptz not null default now(),
  actor_kind text not null,
  key_id text,
  actor_label text not null,
  action text not null,
  target text,
  fields text[] not null default '{}',
  ip text,
  request_id text,
  primary key (workspace_id, id)
);
create index audit_by_age on audit (workspace_id, created_at desc, id desc);
`,
} as const
