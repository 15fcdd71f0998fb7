// A prepared statement's plan is made once, perhaps while a table was all but empty, when every index
// that holds a row's id looks as good as the primary key. So only the primary key holds it: rows of
// one instant are few, and are put in order where a list is read.
//
// What is delivered is written three times, so its table has no index that another can stand in for,
// and is vacuumed before what has been delivered outweighs what waits.

export const keyedPlans = {
  name: '0020-keyed-plans',
  sql: `
drop index deliveries_by_age;
create index deliveries_by_age on deliveries (workspace_id, created_at);
drop index deliveries_by_type;
create index deliveries_by_type on deliveries (workspace_id, event_type, created_at);
drop index deliveries_ended;
create index deliveries_ended on deliveries (workspace_id, status, created_at)
  where status in ('dead', 'cancelled');
drop index deliveries_dead;
create index deliveries_dead on deliveries (workspace_id, subscription_id, created_at)
  where status = 'dead';
drop index deliveries_by_subscription;
create index deliveries_by_subscription on deliveries (workspace_id, subscription_id, created_at);

create unique index deliveries_once on deliveries (workspace_id, event_id, subscription_id);
alter table deliveries drop constraint deliveries_workspace_id_subscription_id_event_id_key;
drop index deliveries_by_event;

drop index calls_by_age;
create index calls_by_age on calls (workspace_id, created_at);

alter table deliveries set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
`,
} as const
