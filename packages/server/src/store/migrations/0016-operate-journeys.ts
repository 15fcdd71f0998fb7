// What operating journeys asks: things that are held for a while, links that let a person answer
// from a mail, and calls that are to be placed later.

export const operateJourneys = {
  name: '0016-operate-journeys',
  sql: `
create table pauses (
  workspace_id uuid not null references workspaces (id),
  kind text not null check (kind in ('workflow', 'connection')),
  name text not null,
  reason text,
  paused_by text not null,
  paused_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, kind, name)
);

-- The oldest that are due of each workspace.
drop index runs_due;
create index runs_due on runs (workspace_id, wake_at) where wake_at is not null and entry is null;

-- Runs that are to be queued still, for those that come after them in their lane.
create index runs_unqueued on runs (workspace_id, workflow, key)
  where status = 'queued' and entry is null and key is not null;

alter table run_steps add column paused_on text;
create index run_steps_paused on run_steps (workspace_id, paused_on) where paused_on is not null;

alter table handoffs add column link_revision integer not null default 0;

create table scheduled_calls (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  run_id uuid,
  step text,
  workflow text,
  call_id uuid,
  to_number text not null,
  agent text not null,
  params jsonb not null default '{}',
  reason text,
  calendar text,
  status text not null default 'scheduled' check (status in
    ('scheduled', 'dialling', 'placed', 'blocked', 'failed', 'cancelled')),
  code text,
  detail text,
  attempts integer not null default 0,
  due_at timestamptz not null,
  next_attempt_at timestamptz,
  lease_token uuid,
  placed_call_id text,
  finished_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, id),
  unique (workspace_id, run_id, step)
);
create index scheduled_calls_due on scheduled_calls (next_attempt_at)
  where next_attempt_at is not null;
create index scheduled_calls_by_age on scheduled_calls (workspace_id, due_at desc, id desc);

create table dial_buckets (
  workspace_id uuid not null references workspaces (id),
  destination text not null,
  tokens double precision not null,
  filled_at timestamptz not null,
  primary key (workspace_id, destination)
);
`,
} as const
