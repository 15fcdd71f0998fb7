// Where the answers of a step with a cache came from.

export const stepCache = {
  name: '0007-step-cache',
  sql: `
alter table run_steps add column cache text check (cache in ('fresh', 'stale', 'shared', 'miss'));
`,
} as const
