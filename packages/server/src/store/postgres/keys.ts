import type { ApiKey, Scope } from '@bookend/contract'
import type { Queryable } from '../database.ts'

export interface KeyRow {
  readonly workspace_id: string
  readonly id: string
  readonly label: string
  readonly scopes: Scope[]
  readonly hash: Buffer
  readonly created_at: Date
  readonly last_used_at: Date | null
  /** Whose it is; null: a program's. */
  readonly person_id: string | null
}

export const renderKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  label: row.label,
  scopes: row.scopes,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
})

export async function insertKey(
  client: Queryable,
  key: Pick<KeyRow, 'workspace_id' | 'id' | 'label'> & {
    readonly scopes: readonly Scope[]
    readonly hash: Uint8Array
  },
): Promise<KeyRow | undefined> {
  const { rows } = await client.query<KeyRow>(
    `insert into api_keys (workspace_id, id, label, scopes, hash) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning *`,
    [key.workspace_id, key.id, key.label, key.scopes, Buffer.from(key.hash)],
  )
  return rows[0]
}

/** Those of programs; a person's is the person's. */
export async function listKeys(client: Queryable, workspaceId: string): Promise<KeyRow[]> {
  const { rows } = await client.query<KeyRow>(
    'select * from api_keys where workspace_id = $1 and person_id is null order by created_at, id',
    [workspaceId],
  )
  return rows
}

/** Whether there was one. */
export async function deleteKey(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from api_keys where workspace_id = $1 and id = $2 and person_id is null',
    [workspaceId, id],
  )
  return rowCount === 1
}

export async function touchKeys(
  client: Queryable,
  used: readonly { workspaceId: string; id: string; at: Date }[],
): Promise<void> {
  await client.query(
    `update api_keys k set last_used_at = greatest(coalesce(k.last_used_at, u.at), u.at)
     from jsonb_to_recordset($1) as u ("workspaceId" uuid, id text, at timestamptz)
     where k.workspace_id = u."workspaceId" and k.id = u.id`,
    [JSON.stringify(used)],
  )
}
