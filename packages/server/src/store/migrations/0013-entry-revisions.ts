// The order in which a call's transcript was written, so that who watches it goes on where he was.

export const entryRevisions = {
  name: '0013-entry-revisions',
  sql: `
create sequence entry_revisions;
alter table transcript_entries
  add column revision bigint not null default nextval('entry_revisions');
`,
} as const
