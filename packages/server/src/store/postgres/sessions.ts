import type { Queryable } from '../database.ts'

export interface SessionRow {
  readonly workspace_id: string
  readonly key_id: string
}

export async function insertSession(
  client: Queryable,
  session: SessionRow & { readonly tokenHash: Uint8Array; readonly lifetimeS: number },
): Promise<void> {
  await client.query('delete from sessions where workspace_id = $1 and expires_at < now()', [
    session.workspace_id,
  ])
  await client.query(
    `insert into sessions (workspace_id, token_hash, key_id, expires_at)
     values ($1, $2, $3, now() + make_interval(secs => $4))`,
    [session.workspace_id, Buffer.from(session.tokenHash), session.key_id, session.lifetimeS],
  )
}

export async function findSession(
  client: Queryable,
  tokenHash: Uint8Array,
): Promise<SessionRow | undefined> {
  const { rows } = await client.query<SessionRow>(
    'select workspace_id, key_id from sessions where token_hash = $1 and expires_at > now()',
    [Buffer.from(tokenHash)],
  )
  return rows[0]
}

export async function deleteSession(client: Queryable, tokenHash: Uint8Array): Promise<void> {
  await client.query('delete from sessions where token_hash = $1', [Buffer.from(tokenHash)])
}
