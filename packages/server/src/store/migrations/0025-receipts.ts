// What systems tell later of effects: whose they are, by the key that was sent, and what was told.

export const receipts = {
  name: '0025-receipts',
  sql: `
create table awaited_receipts (
  workspace_id uuid not null,
  key text not null,
  run_id uuid not null,
  step text not null,
  connection text not null,
  primary key (workspace_id, key),
  foreign key (workspace_id, run_id) references runs (workspace_id, id) on delete cascade
);
create index awaited_receipts_by_run on awaited_receipts (workspace_id, run_id);

create table receipts (
  workspace_id uuid not null,
  key text not null,
  id text not null,
  status text not null,
  reference text,
  told_at timestamptz,
  received_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, key, id),
  foreign key (workspace_id, key) references awaited_receipts (workspace_id, key) on delete cascade
);
`,
} as const
