// What the journey engine keeps with a run: which execution has it, and what its steps were about to
// send when they were last seen.

export const engine = {
  name: '0002-engine',
  sql: `
alter table runs add column execution uuid;
alter table run_steps add column writes jsonb not null default '[]';
`,
} as const
