// Voice platforms that are connected, what each of their calls is known to be, and what came of them.
// A platform's address names a connection without its workspace, so its name is taken once.

export const platforms = {
  name: '0022-platforms',
  sql: `
create table platforms (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  platform text not null,
  name text not null,
  version integer not null default 1,
  options bytea not null,
  options_shown jsonb not null,
  agents jsonb not null default '{}',
  default_agent_id uuid,
  analysis_wait_minutes integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index platforms_lookup on platforms (platform, name);

create table platform_doors (
  workspace_id uuid not null,
  connection_id uuid not null,
  door text not null,
  last_accepted_at timestamptz,
  last_refused_at timestamptz,
  last_refused_why text,
  primary key (workspace_id, connection_id, door),
  foreign key (workspace_id, connection_id)
    references platforms (workspace_id, id) on delete cascade
);

create table platform_calls (
  workspace_id uuid not null,
  call_id uuid not null,
  connection_id uuid not null,
  state jsonb not null,
  emitted text[] not null default '{}',
  run_id uuid,
  linked_by text,
  fetch_id text,
  fetch_tries integer not null default 0,
  fetch_at timestamptz,
  is_fetch_over boolean not null default false,
  due_at timestamptz,
  heard_at timestamptz not null default now(),
  asked_at timestamptz,
  primary key (workspace_id, call_id),
  foreign key (workspace_id, call_id) references calls (workspace_id, id) on delete cascade
);
create index platform_calls_due on platform_calls (due_at) where due_at is not null;
create index platform_calls_open on platform_calls (workspace_id, connection_id, heard_at)
  where not 'call.completed' = any(emitted);

create table platform_call_ids (
  workspace_id uuid not null,
  connection_id uuid not null,
  platform_call_id text not null,
  call_id uuid not null,
  primary key (workspace_id, connection_id, platform_call_id),
  foreign key (workspace_id, call_id)
    references platform_calls (workspace_id, call_id) on delete cascade
);
create index platform_call_ids_by_call on platform_call_ids (workspace_id, call_id);

create table platform_deliveries (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  connection_id uuid not null,
  received_at timestamptz not null,
  call_id uuid,
  outcome text not null,
  why text,
  keys text[] not null,
  body bytea,
  primary key (workspace_id, id)
);
create index platform_deliveries_by_age on platform_deliveries (workspace_id, received_at);

alter table runs add column platform jsonb;
create index runs_of_platforms on runs (workspace_id, (platform ->> 'connection_id'), started_at)
  where platform is not null and call_id is null;
`,
} as const
