// What the log of deliveries across endpoints asks by index, and what an endpoint's health remembers.
//
// The type of its event is kept with a delivery, where an index can order by time within it; null in
// rows that a version before this one wrote.

export const deliveryLog = {
  name: '0015-delivery-log',
  sql: `
alter table subscriptions
  add column last_success_at timestamptz,
  add column disabled_at timestamptz;

alter table deliveries add column event_type text;
update deliveries d set event_type = e.type from events e
  where e.workspace_id = d.workspace_id and e.id = d.event_id;

drop index deliveries_by_age;
create index deliveries_by_age on deliveries (workspace_id, created_at, id);
create index deliveries_by_type on deliveries (workspace_id, event_type, created_at, id);
create index deliveries_ended on deliveries (workspace_id, status, created_at, id)
  where status in ('dead', 'cancelled');
create index deliveries_dead on deliveries (workspace_id, subscription_id, created_at, id)
  where status = 'dead';
`,
} as const
