import type { Agent } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { cutPage, parseCursor } from './page.ts'

/** The fields of an agent that are stored as one document. */
export type AgentSettings = Omit<
  Agent,
  'id' | 'version' | 'name' | 'pre_call_webhook_auth_token' | 'created_at' | 'updated_at'
>

export interface AgentRow {
  readonly workspace_id: string
  readonly id: string
  readonly version: number
  readonly name: string
  readonly settings: AgentSettings
  /** Sealed. */
  readonly auth_token: Buffer | null
  readonly auth_token_hint: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

/** What seals and opens an agent's token. */
export const tokenContext = (workspaceId: string, agentId: string): string =>
  `agents.auth_token:${workspaceId}:${agentId}`

export function renderAgent(row: AgentRow): Agent {
  const { id, version, name, settings, auth_token_hint: hint } = row
  return {
    id,
    version,
    name,
    ...settings,
    pre_call_webhook_auth_token: hint === null ? null : `••••${hint}`,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export async function insertAgent(
  client: Queryable,
  agent: Omit<AgentRow, 'version' | 'created_at' | 'updated_at'>,
): Promise<AgentRow> {
  const { rows } = await client.query<AgentRow>(
    `insert into agents (workspace_id, id, name, settings, auth_token, auth_token_hint)
     values ($1, $2, $3, $4, $5, $6) returning *`,
    [
      agent.workspace_id,
      agent.id,
      agent.name,
      JSON.stringify(agent.settings),
      agent.auth_token,
      agent.auth_token_hint,
    ],
  )
  return first(rows)
}

/** The agent, locked against other writers until the transaction ends. */
export async function lockAgent(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<AgentRow | undefined> {
  const { rows } = await client.query<AgentRow>(
    'select * from agents where workspace_id = $1 and id = $2 for update',
    [workspaceId, id],
  )
  return rows[0]
}

export async function updateAgent(client: Queryable, agent: AgentRow): Promise<AgentRow> {
  const { rows } = await client.query<AgentRow>(
    `update agents set version = version + 1, name = $3, settings = $4, auth_token = $5,
       auth_token_hint = $6, updated_at = now()
     where workspace_id = $1 and id = $2 returning *`,
    [
      agent.workspace_id,
      agent.id,
      agent.name,
      JSON.stringify(agent.settings),
      agent.auth_token,
      agent.auth_token_hint,
    ],
  )
  return first(rows)
}

export async function deleteAgent(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<void> {
  await client.query('delete from agents where workspace_id = $1 and id = $2', [workspaceId, id])
}

export async function findAgent(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<AgentRow | undefined> {
  const { rows } = await client.query<AgentRow>(
    'select * from agents where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  return rows[0]
}

export async function listAgents(
  client: Queryable,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ page: readonly AgentRow[]; next: string | null }> {
  const after = parseCursor(cursor)
  const { rows } = await client.query<AgentRow & { cursor_at: string }>(
    `select *, created_at::text as cursor_at from agents
     where workspace_id = $1 and ($2::text is null or (created_at, id) < ($2::timestamptz, $3::uuid))
     order by created_at desc, id desc limit $4`,
    [workspaceId, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  return cutPage(rows, limit)
}

export function first<R>(rows: readonly R[]): R {
  const [row] = rows
  if (row === undefined) throw new Error('The database returned no row where it must')
  return row
}
