// Calls that have not ended, by age: few at any time, and looked for every minute.

export const openCalls = {
  name: '0006-open-calls',
  sql: `
create index calls_open on calls (created_at) where ended_at is null;
`,
} as const
