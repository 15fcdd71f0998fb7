// Every version of a workflow that ever was active, so that a run keeps the one it began with (J4).

import type { JsonObject } from '@bookend/contract'
import type { Database } from '../store/database.ts'
import type { WorkflowForm, WorkflowKind } from './find-files.ts'

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
  database: Database,
  workspaceId: string,
  versions: readonly WorkflowVersion[],
): Promise<ReadonlyMap<string, Date>> {
  const known = await findStored(database, workspaceId, versions)
  const fresh = versions.filter(({ name }) => !known.has(name))
  if (fresh.length === 0) return known
  for (const { name, version, kind, form, bundle, manifest } of fresh) {
    await database.query(
      `insert into workflow_versions (workspace_id, name, version, kind, form, bundle, manifest)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (workspace_id, name, version) do nothing`,
      [workspaceId, name, version, kind, form, bundle, manifest],
    )
  }
  return findStored(database, workspaceId, versions)
}

async function findStored(
  database: Database,
  workspaceId: string,
  versions: readonly WorkflowVersion[],
): Promise<ReadonlyMap<string, Date>> {
  const rows = await database.query<{ name: string; created_at: Date }>(
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
}

/** @throws {DatabaseAwayError} */
export async function findVersion(
  database: Database,
  workspaceId: string,
  name: string,
  version: string,
): Promise<StoredVersion | null> {
  const [row] = await database.query<StoredRow>(
    `select kind, form, bundle, created_at from workflow_versions
     where workspace_id = $1 and name = $2 and version = $3`,
    [workspaceId, name, version],
  )
  if (row === undefined) return null
  const { created_at: createdAt, ...stored } = row
  return { ...stored, createdAt }
}

type StoredRow = Omit<StoredVersion, 'createdAt'> & { readonly created_at: Date }
