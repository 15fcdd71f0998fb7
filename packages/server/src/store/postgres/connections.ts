// Stored accounts of other systems. `auth` is sealed with the row and its destination.

import type { ConnectionAuth, JsonObject } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'

export interface ConnectionRow {
  readonly workspace_id: string
  readonly id: string
  /** `<connector>/<connection>` */
  readonly name: string
  readonly version: number
  /** As they were given: the connector's defaults are not stored. */
  readonly settings: JsonObject
  /** Sealed. */
  readonly auth: Buffer | null
  readonly auth_shown: ConnectionAuth | null
  /** Where the credential goes, by its settings when it was stored. */
  readonly destination: string
  /** Why it waits for its owner, such as `credential_moved`. */
  readonly unusable: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

/** What seals and opens a credential. */
export const authContext = ({
  workspace_id: workspaceId,
  id,
  destination,
}: Pick<ConnectionRow, 'workspace_id' | 'id' | 'destination'>): string =>
  `connections.auth:${workspaceId}:${id}:${destination}`

type Written = Omit<ConnectionRow, 'version' | 'created_at' | 'updated_at'>

const values = (row: Written): unknown[] => [
  row.workspace_id,
  row.id,
  row.name,
  JSON.stringify(row.settings),
  row.auth,
  row.auth_shown === null ? null : JSON.stringify(row.auth_shown),
  row.destination,
  row.unusable,
]

/** Undefined: the name is taken. */
export async function insertConnection(
  client: Queryable,
  row: Written,
): Promise<ConnectionRow | undefined> {
  const { rows } = await client.query<ConnectionRow>(
    `insert into connections
       (workspace_id, id, name, settings, auth, auth_shown, destination, unusable)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (workspace_id, name) do nothing returning *`,
    values(row),
  )
  if (rows[0] !== undefined) await forgetHealth(client, row.workspace_id, row.name)
  return rows[0]
}

/** What was seen of an account says nothing of another one under its name. */
async function forgetHealth(client: Queryable, workspaceId: string, name: string): Promise<void> {
  await client.query('delete from connection_health where workspace_id = $1 and name = $2', [
    workspaceId,
    name,
  ])
}

export async function updateConnection(client: Queryable, row: Written): Promise<ConnectionRow> {
  const { rows } = await client.query<ConnectionRow>(
    `update connections set version = version + 1, settings = $4, auth = $5, auth_shown = $6,
       destination = $7, unusable = $8, updated_at = now()
     where workspace_id = $1 and id = $2 and name = $3 returning *`,
    values(row),
  )
  return first(rows)
}

export async function listConnections(
  client: Queryable,
  workspaceId: string,
): Promise<ConnectionRow[]> {
  const { rows } = await client.query<ConnectionRow>(
    'select * from connections where workspace_id = $1 order by name',
    [workspaceId],
  )
  return rows
}

export async function findConnection(
  client: Queryable,
  workspaceId: string,
  name: string,
): Promise<ConnectionRow | undefined> {
  const { rows } = await client.query<ConnectionRow>(
    'select * from connections where workspace_id = $1 and name = $2',
    [workspaceId, name],
  )
  return rows[0]
}

/** The connection, locked against other writers until the transaction ends. */
export async function lockConnection(
  client: Queryable,
  workspaceId: string,
  name: string,
): Promise<ConnectionRow | undefined> {
  const { rows } = await client.query<ConnectionRow>(
    'select * from connections where workspace_id = $1 and name = $2 for update',
    [workspaceId, name],
  )
  return rows[0]
}

export async function deleteConnection(
  client: Queryable,
  workspaceId: string,
  name: string,
): Promise<void> {
  await client.query('delete from connections where workspace_id = $1 and name = $2', [
    workspaceId,
    name,
  ])
  await forgetHealth(client, workspaceId, name)
}

/** Journeys under way whose version uses the connection, also one that is no longer active. */
export async function listRunningUsers(
  client: Queryable,
  workspaceId: string,
  name: string,
): Promise<string[]> {
  const { rows } = await client.query<{ workflow: string }>(
    `select distinct r.workflow from runs r
     join workflow_versions v
       on v.workspace_id = r.workspace_id and v.name = r.workflow and v.version = r.version
     where r.workspace_id = $1 and r.kind = 'journey' and r.finished_at is null
       and exists (
         select from jsonb_each_text(v.manifest -> 'connections') c where c.value = $2
       )
     order by r.workflow`,
    [workspaceId, name],
  )
  return rows.map(({ workflow }) => workflow)
}
