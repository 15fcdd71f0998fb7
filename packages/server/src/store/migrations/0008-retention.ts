// What deleting the old asks by index.

export const retention = {
  name: '0008-retention',
  sql: `
create index events_without_call on events (workspace_id, created_at) where call_id is null;
create index deliveries_by_age on deliveries (workspace_id, created_at) where status <> 'pending';
`,
} as const
