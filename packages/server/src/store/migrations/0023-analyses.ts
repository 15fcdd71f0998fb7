// What is asked of finished calls. A row is one analyzer of one call: due while `queued`, leased while
// its `due_at` lies ahead and it has a token; `waiting` for the call's other analyzers.

export const analyses = {
  name: '0023-analyses',
  sql: `
alter table calls add column own_results jsonb not null default '[]';

create table analyses (
  workspace_id uuid not null,
  call_id uuid not null,
  analyzer_id uuid not null,
  place integer not null,
  analyzer jsonb not null,
  is_asked_again boolean not null default false,
  status text not null,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  lease_token uuid,
  last_error text,
  spent jsonb not null default '{}',
  answer jsonb,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (workspace_id, call_id, analyzer_id),
  foreign key (workspace_id, call_id) references calls (workspace_id, id) on delete cascade
);
create index analyses_due on analyses (workspace_id, due_at) where status = 'queued';
`,
} as const
