import type { PhoneNumber } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { cutPage, parseCursor } from './page.ts'

export interface NumberRow {
  readonly workspace_id: string
  readonly id: string
  readonly number: string
  readonly label: string
  readonly agent_id: string | null
  readonly agent_version: number | null
  readonly created_at: Date
}

export const renderNumber = (row: NumberRow): PhoneNumber => ({
  id: row.id,
  number: row.number,
  label: row.label,
  agent_id: row.agent_id,
  agent_version: row.agent_version,
  created_at: row.created_at.toISOString(),
})

const SELECT = `select n.*, n.created_at::text as cursor_at, a.version as agent_version
  from phone_numbers n
  left join agents a on a.workspace_id = n.workspace_id and a.id = n.agent_id`

/** Undefined when the workspace has that number already. */
export async function insertNumber(
  client: Queryable,
  number: Pick<NumberRow, 'workspace_id' | 'id' | 'number' | 'label'>,
): Promise<NumberRow | undefined> {
  const { rows } = await client.query<NumberRow>(
    `insert into phone_numbers (workspace_id, id, number, label) values ($1, $2, $3, $4)
     on conflict do nothing returning *, null::integer as agent_version`,
    [number.workspace_id, number.id, number.number, number.label],
  )
  return rows[0]
}

export async function listNumbers(
  client: Queryable,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ page: readonly NumberRow[]; next: string | null }> {
  const after = parseCursor(cursor)
  const { rows } = await client.query<NumberRow & { cursor_at: string }>(
    `${SELECT}
     where n.workspace_id = $1
       and ($2::text is null or (n.created_at, n.id) < ($2::timestamptz, $3::uuid))
     order by n.created_at desc, n.id desc limit $4`,
    [workspaceId, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  return cutPage(rows, limit)
}

/** Whether there was one. */
export async function deleteNumber(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from phone_numbers where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  return rowCount === 1
}

/** The number's text; undefined when the workspace has no such number. */
export async function assignAgent(
  client: Queryable,
  workspaceId: string,
  id: string,
  agentId: string | null,
): Promise<string | undefined> {
  const { rows } = await client.query<{ number: string }>(
    `update phone_numbers set agent_id = $3 where workspace_id = $1 and id = $2 returning number`,
    [workspaceId, id, agentId],
  )
  return rows[0]?.number
}

export async function countNumbersOf(
  client: Queryable,
  workspaceId: string,
  agentId: string,
): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*) from phone_numbers where workspace_id = $1 and agent_id = $2',
    [workspaceId, agentId],
  )
  return rows[0]?.count ?? 0
}
