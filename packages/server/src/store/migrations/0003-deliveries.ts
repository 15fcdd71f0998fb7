// What claiming deliveries fairly, and coalescing those of a running transcript, asks by index.

export const deliveries = {
  name: '0003-deliveries',
  sql: `
alter table deliveries
  add column claimed_at timestamptz,
  add column coalesce_key uuid;

drop index deliveries_due;
create index deliveries_waiting
  on deliveries (workspace_id, subscription_id, next_attempt_at) where status = 'pending';
create index deliveries_coalesced
  on deliveries (workspace_id, subscription_id, coalesce_key, created_at, id)
  where coalesce_key is not null;
create index deliveries_coalesced_claims
  on deliveries (workspace_id, subscription_id, coalesce_key, claimed_at)
  where coalesce_key is not null;
`,
} as const
