// What a subscription knows of its endpoint, a delivery of its schedule, an attempt of its answer.

export const webhooks = {
  name: '0010-webhooks',
  sql: `
alter table subscriptions
  add column rate_per_second double precision,
  add column rate_free_at timestamptz,
  add column previous_secret bytea,
  add column previous_secret_until timestamptz,
  add column failures_in_row integer not null default 0,
  add column failing_since timestamptz,
  add column warned_at timestamptz,
  add column paused_until timestamptz;

alter table deliveries add column schedule_from integer not null default 0;

alter table delivery_attempts
  add column phases jsonb,
  add column answer text;

create index events_by_age on events
  using brin (created_at) with (pages_per_range = 32, autosummarize = on);
`,
} as const
