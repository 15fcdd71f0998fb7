// The questions of a run that is over are found by the run, however many are open.

export const openQuestions = {
  name: '0028-open-questions',
  sql: `
create index handoffs_of_run on handoffs (workspace_id, run_id) where status = 'open';
`,
} as const
