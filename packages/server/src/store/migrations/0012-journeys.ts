// Journeys that wait outside of their queue: for a moment, an event or a person. And what operating
// them asks: runs put back in the queue, replays, lists by workflow and state on a million runs.

export const journeys = {
  name: '0012-journeys',
  sql: `
alter table runs
  add column entry uuid,
  add column queued_at timestamptz,
  add column wake_at timestamptz,
  add column replay_of uuid,
  add column failed_step text;
update runs set entry = id
  where kind = 'journey' and status in ('queued', 'running', 'waiting');

create index runs_due on runs (wake_at) where wake_at is not null and entry is null;
drop index runs_by_event;
create unique index runs_by_event on runs (workspace_id, event_id, workflow)
  where kind = 'journey' and replay_of is null;
create index runs_by_workflow on runs (workspace_id, workflow, started_at desc, id desc);
create index runs_by_status on runs (workspace_id, status, started_at desc, id desc);
create index runs_by_kind on runs (workspace_id, kind, started_at desc, id desc);

alter table run_steps
  add column event_type text,
  add column event_filter jsonb,
  add column since timestamptz,
  add column began_at timestamptz;
create index run_steps_awaiting on run_steps (workspace_id, event_type)
  where status = 'waiting' and event_type is not null;
create index events_by_type on events (workspace_id, type, created_at);

create table handoffs (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  run_id uuid not null,
  step text not null,
  workflow text not null,
  call_id uuid,
  title text not null,
  assign text,
  form jsonb not null,
  status text not null default 'open'
    check (status in ('open', 'answered', 'expired', 'cancelled')),
  claimed_by text,
  claimed_at timestamptz,
  snoozed_until timestamptz,
  answer jsonb,
  answered_by text,
  answered_at timestamptz,
  due_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, run_id, step),
  foreign key (workspace_id, run_id) references runs (workspace_id, id) on delete cascade
);
create index handoffs_due on handoffs (workspace_id, due_at, id) where status = 'open';
create index handoffs_by_age on handoffs (workspace_id, created_at desc, id desc);
`,
} as const
