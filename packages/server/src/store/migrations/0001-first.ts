// The tables of a call's life. Every primary key and unique index begins with `workspace_id`, the
// sharding key, but for the look-ups that find the workspace: a key by its id, a session by its token.

export const first = {
  name: '0001-first',
  sql: `
create table workspaces (
  id uuid primary key,
  name text not null,
  signing_secret bytea not null,
  created_at timestamptz not null default now()
);

create table api_keys (
  workspace_id uuid not null references workspaces (id),
  id text not null,
  label text not null,
  scopes text[] not null,
  hash bytea not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (workspace_id, id)
);
create unique index api_keys_lookup on api_keys (id);

create table sessions (
  workspace_id uuid not null,
  token_hash bytea not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (workspace_id, token_hash),
  foreign key (workspace_id, key_id) references api_keys (workspace_id, id) on delete cascade
);
create unique index sessions_lookup on sessions (token_hash);

create table agents (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  version integer not null default 1,
  name text not null,
  settings jsonb not null,
  auth_token bytea,
  auth_token_hint text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index agents_by_age on agents (workspace_id, created_at desc, id desc);

create table phone_numbers (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  number text not null,
  label text not null,
  agent_id uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, number),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id)
);
create index phone_numbers_by_agent on phone_numbers (workspace_id, agent_id);

create sequence call_numbers increment by 1000;

create table calls (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  number bigint,
  status text not null,
  direction text not null,
  platform text not null,
  from_number text not null,
  to_number text not null,
  from_number_e164 text,
  to_number_e164 text,
  attestation text,
  agent_id uuid,
  agent_version integer,
  agent jsonb not null,
  call_prompt text,
  first_message text,
  params jsonb not null,
  external_identifiers jsonb not null,
  outcome jsonb not null,
  pre_call jsonb,
  flags text[] not null default '{}',
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  duration_s integer,
  ended_reason text,
  answered_by text,
  transferred boolean not null default false,
  recording_url text,
  summary text,
  analysis_results jsonb not null default '[]',
  primary key (workspace_id, id)
);
create index calls_by_age on calls (workspace_id, created_at desc, id desc);
create index calls_by_caller on calls (workspace_id, from_number, created_at desc);
create index calls_by_identifier on calls using gin (external_identifiers jsonb_path_ops);
create index calls_by_param on calls using gin (params jsonb_path_ops);

create table transcript_entries (
  workspace_id uuid not null,
  call_id uuid not null,
  sequence integer not null,
  role text not null,
  text text not null,
  spoken_at timestamptz,
  is_final boolean not null,
  function_name text,
  arguments jsonb,
  received_at timestamptz not null default now(),
  primary key (workspace_id, call_id, sequence),
  foreign key (workspace_id, call_id) references calls (workspace_id, id) on delete cascade
);

create table tags (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  name text not null,
  description text,
  color text,
  primary key (workspace_id, id),
  unique (workspace_id, name)
);
create table call_tags (
  workspace_id uuid not null,
  call_id uuid not null,
  tag_id uuid not null,
  primary key (workspace_id, call_id, tag_id),
  foreign key (workspace_id, call_id) references calls (workspace_id, id) on delete cascade,
  foreign key (workspace_id, tag_id) references tags (workspace_id, id) on delete cascade
);

create table events (
  workspace_id uuid not null references workspaces (id),
  id text not null,
  type text not null,
  dedupe_key text not null,
  call_id uuid,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, dedupe_key)
);
create index events_by_call on events (workspace_id, call_id, created_at);

create table subscriptions (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  url text not null,
  event_types text[] not null,
  description text not null,
  payload text not null,
  is_enabled boolean not null default true,
  disabled_reason text,
  secret bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

create table deliveries (
  workspace_id uuid not null,
  id uuid not null,
  subscription_id uuid not null,
  event_id text not null,
  status text not null default 'pending',
  attempts integer not null default 0,
  next_attempt_at timestamptz default now(),
  lease_token uuid,
  last_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, subscription_id, event_id),
  foreign key (workspace_id, subscription_id)
    references subscriptions (workspace_id, id) on delete cascade,
  foreign key (workspace_id, event_id) references events (workspace_id, id) on delete cascade
);
create index deliveries_due on deliveries (next_attempt_at) where status = 'pending';
create index deliveries_by_subscription
  on deliveries (workspace_id, subscription_id, created_at desc, id desc);
create index deliveries_by_event on deliveries (workspace_id, event_id);

create table delivery_attempts (
  workspace_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  started_at timestamptz not null,
  duration_ms real not null,
  status integer,
  error text,
  primary key (workspace_id, delivery_id, attempt),
  foreign key (workspace_id, delivery_id)
    references deliveries (workspace_id, id) on delete cascade
);

create table workflow_versions (
  workspace_id uuid not null references workspaces (id),
  name text not null,
  version text not null,
  kind text not null,
  form text not null,
  bundle text not null,
  manifest jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, name, version)
);

create table runs (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  kind text not null,
  workflow text not null,
  version text,
  status text not null,
  call_id uuid,
  agent_id uuid,
  event_id text,
  key text,
  input jsonb,
  started_at timestamptz not null,
  finished_at timestamptz,
  duration_ms double precision,
  deadline_ms double precision,
  budget_ms double precision,
  outcome jsonb,
  parameters jsonb,
  missing jsonb not null default '[]',
  failure text,
  error text,
  primary key (workspace_id, id)
);
create unique index runs_by_event on runs (workspace_id, event_id, workflow)
  where kind = 'journey';
create index runs_by_call on runs (workspace_id, call_id);
create index runs_by_age on runs (workspace_id, started_at desc, id desc);

create table run_steps (
  workspace_id uuid not null,
  run_id uuid not null,
  name text not null,
  position integer not null,
  kind text not null default 'step',
  status text not null,
  start_ms double precision not null,
  duration_ms double precision,
  limit_ms double precision,
  default_used boolean not null default false,
  after_answer boolean not null default false,
  connection text,
  action text,
  input jsonb,
  output jsonb,
  error text,
  attempts jsonb not null default '[]',
  phases jsonb,
  wake_at timestamptz,
  primary key (workspace_id, run_id, name),
  foreign key (workspace_id, run_id) references runs (workspace_id, id) on delete cascade
);

create table idempotency_keys (
  workspace_id uuid not null references workspaces (id),
  route text not null,
  key text not null,
  body_hash bytea not null,
  answer bytea,
  created_at timestamptz not null default now(),
  primary key (workspace_id, route, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
`,
} as const
