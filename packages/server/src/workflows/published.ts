// The rows of `published_workflows`: which version of a name is active that the API published.

import type { Database, Queryable } from '../store/database.ts'
import type { WorkflowKind } from './find-files.ts'

export interface PublishedRow {
  readonly name: string
  readonly version: string
  readonly kind: WorkflowKind
  readonly published_at: Date
  readonly published_by: string
}

const COLUMNS = 'name, version, kind, published_at, published_by'

export const listPublished = (
  database: Pick<Database, 'query'>,
  workspaceId: string,
): Promise<readonly PublishedRow[]> =>
  database.query<PublishedRow>(
    `select ${COLUMNS} from published_workflows where workspace_id = $1 order by name`,
    [workspaceId],
  )

export async function findPublished(
  database: Pick<Database, 'query'>,
  workspaceId: string,
  name: string,
): Promise<PublishedRow | null> {
  const [row] = await database.query<PublishedRow>(
    `select ${COLUMNS} from published_workflows where workspace_id = $1 and name = $2`,
    [workspaceId, name],
  )
  return row ?? null
}

export async function lockPublished(
  client: Queryable,
  workspaceId: string,
  name: string,
): Promise<PublishedRow | null> {
  const { rows } = await client.query<PublishedRow>(
    `select ${COLUMNS} from published_workflows where workspace_id = $1 and name = $2 for update`,
    [workspaceId, name],
  )
  return rows[0] ?? null
}

interface Publication {
  readonly workspaceId: string
  readonly name: string
  readonly version: string
  readonly kind: WorkflowKind
  readonly by: string
}

/**
 * Makes a stored version the active one. `isFirst`: only where none is, so that of two who create
 * the same name at once one hears so.
 *
 * @returns Null when somebody else was faster.
 */
export async function putPublished(
  client: Queryable,
  { workspaceId, name, version, kind, by }: Publication,
  isFirst: boolean,
): Promise<Date | null> {
  const onConflict = isFirst
    ? 'do nothing'
    : `do update set version = excluded.version, kind = excluded.kind,
         published_at = excluded.published_at, published_by = excluded.published_by`
  const { rows } = await client.query<{ published_at: Date }>(
    `insert into published_workflows (workspace_id, name, version, kind, published_by)
     values ($1, $2, $3, $4, $5)
     on conflict (workspace_id, name) ${onConflict}
     returning published_at`,
    [workspaceId, name, version, kind, by],
  )
  const at = rows[0]?.published_at
  if (at === undefined) return null
  await client.query(
    `update workflow_versions set published_at = $4, published_by = $5
     where workspace_id = $1 and name = $2 and version = $3`,
    [workspaceId, name, version, at, by],
  )
  return at
}

export const deletePublished = (
  client: Queryable,
  workspaceId: string,
  name: string,
): Promise<unknown> =>
  client.query('delete from published_workflows where workspace_id = $1 and name = $2', [
    workspaceId,
    name,
  ])

/** The names of agents whose calls run the workflow. */
export async function findAgentsUsing(
  client: Queryable,
  workspaceId: string,
  name: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select name from agents
     where workspace_id = $1 and settings->>'pre_call_webhook_url' = $2 order by name`,
    [workspaceId, `workflow:${name}`],
  )
  return rows.map((row) => row.name)
}
