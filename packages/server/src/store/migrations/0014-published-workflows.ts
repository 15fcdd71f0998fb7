// Workflows that were published through the API: which version of each name is active, and who made
// a version active last.

export const publishedWorkflows = {
  name: '0014-published-workflows',
  sql: `
create table published_workflows (
  workspace_id uuid not null references workspaces (id),
  name text not null,
  version text not null,
  kind text not null,
  published_at timestamptz not null default now(),
  published_by text not null,
  primary key (workspace_id, name),
  foreign key (workspace_id, name, version)
    references workflow_versions (workspace_id, name, version)
);

alter table workflow_versions
  add column published_at timestamptz,
  add column published_by text;
`,
} as const
