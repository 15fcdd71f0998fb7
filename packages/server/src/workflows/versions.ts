// Every version of a workflow that ever was active, so that a run keeps the one it began with (J4).

import type { JsonObject } from '@bookend/contract'
import type { Database, Queryable } from '../store/database.ts'
import type { WorkflowForm, WorkflowKind } from './find-files.ts'

type Query = Database['query']

export interface WorkflowVersion {
  readonly name: string
  readonly version: string
  readonly kind: WorkflowKind
  readonly form: WorkflowForm
  /** The bundled module, or the text of YAML. */
  readonly bundle: string
  /** What the bundle says of itself, for those who do not run it. */
  readonly manifest: JsonObject
}

/**
 * Stores what is not stored yet, and says when each was first.
 *
 * @throws {DatabaseAwayError}
 */
export async function storeVersions(
  { query }: Pick<Database, 'query'>,
  workspaceId: string,
  versions: readonly WorkflowVersion[],
): Promise<ReadonlyMap<string, Date>> {
  const known = await findStored(query, workspaceId, versions)
  const fresh = versions.filter(({ name }) => !known.has(name))
  if (fresh.length === 0) return known
  for (const version of fresh) await insertVersion(query, workspaceId, version)
  return findStored(query, workspaceId, versions)
}

/** Stores one in a transaction; nothing happens when it is stored already. */
export const storeVersion = (
  client: Queryable,
  workspaceId: string,
  version: WorkflowVersion,
): Promise<unknown> =>
  insertVersion((sql, values) => client.query(sql, [...(values ?? [])]), workspaceId, version)

async function insertVersion(
  query: (sql: string, values?: readonly unknown[]) => Promise<unknown>,
  workspaceId: string,
  { name, version, kind, form, bundle, manifest }: WorkflowVersion,
): Promise<void> {
  await query(
    `insert into workflow_versions (workspace_id, name, version, kind, form, bundle, manifest)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (workspace_id, name, version) do nothing`,
    [workspaceId, name, version, kind, form, bundle, manifest],
  )
}

async function findStored(
  query: Query,
  workspaceId: string,
  versions: readonly WorkflowVersion[],
): Promise<ReadonlyMap<string, Date>> {
  const rows = await query<{ name: string; created_at: Date }>(
    `select name, created_at from workflow_versions
     where workspace_id = $1
       and (name, version) in (select * from unnest($2::text[], $3::text[]))`,
    [workspaceId, versions.map(({ name }) => name), versions.map(({ version }) => version)],
  )
  return new Map(rows.map(({ name, created_at }) => [name, created_at]))
}

export interface StoredVersion {
  readonly kind: string
  readonly form: string
  readonly bundle: string
  readonly createdAt: Date
  readonly publishedAt: Date | null
  readonly publishedBy: string | null
}

interface VersionRow {
  readonly kind: string
  readonly form: string
  readonly created_at: Date
  readonly published_at: Date | null
  readonly published_by: string | null
}

/** @throws {DatabaseAwayError} */
export async function findVersion(
  database: Pick<Database, 'query'>,
  workspaceId: string,
  name: string,
  version: string,
): Promise<StoredVersion | null> {
  const [row] = await database.query<VersionRow & { bundle: string }>(
    `select kind, form, bundle, created_at, published_at, published_by from workflow_versions
     where workspace_id = $1 and name = $2 and version = $3`,
    [workspaceId, name, version],
  )
  return row === undefined ? null : { ...readRow(row), bundle: row.bundle }
}

export type ListedVersion = Omit<StoredVersion, 'bundle'> & { readonly version: string }

const LISTED_MAX = 200

/** The newest, by when they were published last; of files, by when they were seen first. */
export async function listVersions(
  database: Pick<Database, 'query'>,
  workspaceId: string,
  name: string,
): Promise<readonly ListedVersion[]> {
  const rows = await database.query<VersionRow & { version: string }>(
    `select version, kind, form, created_at, published_at, published_by from workflow_versions
     where workspace_id = $1 and name = $2
     order by coalesce(published_at, created_at) desc, version limit $3`,
    [workspaceId, name, LISTED_MAX],
  )
  return rows.map((row) => ({ ...readRow(row), version: row.version }))
}

const readRow = (row: VersionRow): Omit<StoredVersion, 'bundle'> => ({
  kind: row.kind,
  form: row.form,
  createdAt: row.created_at,
  publishedAt: row.published_at,
  publishedBy: row.published_by,
})
