import type { Person, PersonUpdate, Scope } from '@bookend/contract'
import { SCOPE_OF_ROLE } from '@bookend/contract'
import type { Queryable } from '../database.ts'

export interface PersonRow extends Omit<Person, 'created_at' | 'last_seen_at'> {
  readonly created_at: Date
  readonly last_seen_at: Date | null
}

export const renderPerson = ({ created_at, last_seen_at, ...row }: PersonRow): Person => ({
  ...row,
  created_at: created_at.toISOString(),
  last_seen_at: last_seen_at?.toISOString() ?? null,
})

const SELECT = `select p.id, p.name, p.email, p.role, p.team, p.created_at,
    (select max(k.last_used_at) from api_keys k
     where k.workspace_id = p.workspace_id and k.person_id = p.id) as last_seen_at
  from people p`

export async function listPeople(client: Queryable, workspaceId: string): Promise<PersonRow[]> {
  const { rows } = await client.query<PersonRow>(
    `${SELECT} where p.workspace_id = $1 order by lower(p.name), p.id limit 1000`,
    [workspaceId],
  )
  return rows
}

export async function findPerson(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<PersonRow | null> {
  const { rows } = await client.query<PersonRow>(
    `${SELECT} where p.workspace_id = $1 and p.id = $2`,
    [workspaceId, id],
  )
  return rows[0] ?? null
}

/** False: somebody of the workspace has the address. */
export async function insertPerson(
  client: Queryable,
  workspaceId: string,
  { id, name, email, role, team }: Pick<Person, 'id' | 'name' | 'email' | 'role' | 'team'>,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into people (workspace_id, id, name, email, role, team) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [workspaceId, id, name, email.toLowerCase(), role, team],
  )
  return rowCount === 1
}

/** The role counts for the key at once: it has the role's scope. */
export async function updatePerson(
  client: Queryable,
  workspaceId: string,
  id: string,
  { name, email, role, team }: PersonUpdate,
): Promise<'updated' | 'gone' | 'taken'> {
  if (email !== undefined) {
    const { rowCount } = await client.query(
      'select 1 from people where workspace_id = $1 and email = $2 and id <> $3',
      [workspaceId, email.toLowerCase(), id],
    )
    if (rowCount !== 0) return 'taken'
  }
  const { rowCount } = await client.query(
    `update people set name = coalesce($3, name), email = coalesce($4, email),
       role = coalesce($5, role), team = case when $6 then $7 else team end
     where workspace_id = $1 and id = $2`,
    [
      workspaceId,
      id,
      name ?? null,
      email?.toLowerCase() ?? null,
      role ?? null,
      team !== undefined,
      team ?? null,
    ],
  )
  if (rowCount === 0) return 'gone'
  if (role !== undefined || name !== undefined) {
    await client.query(
      `update api_keys set scopes = coalesce($3, scopes), label = coalesce($4, label)
       where workspace_id = $1 and person_id = $2`,
      [workspaceId, id, role === undefined ? null : [SCOPE_OF_ROLE[role]], name ?? null],
    )
  }
  return 'updated'
}

export async function deletePerson(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from people where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  return rowCount === 1
}

/** The key before it, and the sessions that it opened, end. */
export async function replaceKey(
  client: Queryable,
  workspaceId: string,
  { id: personId, name, role }: Pick<Person, 'id' | 'name' | 'role'>,
  key: { readonly id: string; readonly hash: Uint8Array },
): Promise<void> {
  await client.query('delete from api_keys where workspace_id = $1 and person_id = $2', [
    workspaceId,
    personId,
  ])
  const scopes: Scope[] = [SCOPE_OF_ROLE[role]]
  await client.query(
    `insert into api_keys (workspace_id, id, label, scopes, hash, person_id)
     values ($1, $2, $3, $4, $5, $6)`,
    [workspaceId, key.id, name, scopes, Buffer.from(key.hash), personId],
  )
}
