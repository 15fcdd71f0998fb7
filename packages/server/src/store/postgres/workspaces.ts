import { createId, createSigningSecret } from '@bookend/core'
import type { Secrets } from '../../secrets/secrets.ts'
import type { Queryable } from '../database.ts'
import type { StoredSettings } from './settings.ts'

export interface WorkspaceRow {
  readonly id: string
  readonly name: string
  /** Sealed; signs pre-call requests to endpoints. */
  readonly signing_secret: Buffer
  readonly settings: StoredSettings
}

export const signingContext = (workspaceId: string): string =>
  `workspaces.signing_secret:${workspaceId}`

/** The oldest workspace, which holds the workflows of the folder; made if there is none. */
export async function getDefaultWorkspace(
  client: Queryable,
  secrets: Secrets,
  now: Date,
): Promise<WorkspaceRow> {
  const { rows } = await client.query<WorkspaceRow>(
    'select id, name, signing_secret, settings from workspaces order by created_at, id limit 1',
  )
  const [oldest] = rows
  if (oldest !== undefined) return oldest
  const id = createId(now)
  const secret = secrets.encrypt(createSigningSecret(), signingContext(id))
  await client.query('insert into workspaces (id, name, signing_secret) values ($1, $2, $3)', [
    id,
    'Default',
    secret,
  ])
  return { id, name: 'Default', signing_secret: secret, settings: {} }
}

export async function listWorkspaces(client: Queryable): Promise<WorkspaceRow[]> {
  const { rows } = await client.query<WorkspaceRow>(
    'select id, name, signing_secret, settings from workspaces',
  )
  return rows
}
