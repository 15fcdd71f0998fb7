// Connected voice platforms. All their options are sealed with the row; what may be shown of them
// stands beside it.

import type { JsonObject, VoicePlatformId } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'

export interface PlatformRow {
  readonly workspace_id: string
  readonly id: string
  readonly platform: VoicePlatformId
  /** Taken once on a server, for its platform. */
  readonly name: string
  readonly version: number
  /** Sealed. */
  readonly options: Buffer
  readonly options_shown: JsonObject
  readonly agents: Readonly<Record<string, string>>
  readonly default_agent_id: string | null
  readonly analysis_wait_minutes: number | null
  readonly created_at: Date
  readonly updated_at: Date
}

/** What seals and opens a platform's options. */
export const platformContext = (workspaceId: string, id: string): string =>
  `platforms.options:${workspaceId}:${id}`

type Written = Omit<PlatformRow, 'version' | 'created_at' | 'updated_at'>

const values = (row: Written): unknown[] => [
  row.workspace_id,
  row.id,
  row.platform,
  row.name,
  row.options,
  JSON.stringify(row.options_shown),
  JSON.stringify(row.agents),
  row.default_agent_id,
  row.analysis_wait_minutes,
]

/** Undefined: the name is taken. */
export async function insertPlatform(
  client: Queryable,
  row: Written,
): Promise<PlatformRow | undefined> {
  const { rows } = await client.query<PlatformRow>(
    `insert into platforms (workspace_id, id, platform, name, options, options_shown, agents,
       default_agent_id, analysis_wait_minutes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (platform, name) do nothing returning *`,
    values(row),
  )
  return rows[0]
}

export async function updatePlatform(client: Queryable, row: Written): Promise<PlatformRow> {
  const { rows } = await client.query<PlatformRow>(
    `update platforms set version = version + 1, options = $5, options_shown = $6, agents = $7,
       default_agent_id = $8, analysis_wait_minutes = $9, updated_at = now()
     where workspace_id = $1 and id = $2 and platform = $3 and name = $4 returning *`,
    values(row),
  )
  return first(rows)
}

/** Of every workspace: what a platform calls names none. */
export async function listAllPlatforms(client: Queryable): Promise<readonly PlatformRow[]> {
  const { rows } = await client.query<PlatformRow>('select * from platforms')
  return rows
}

export async function listPlatforms(
  client: Queryable,
  workspaceId: string,
): Promise<readonly PlatformRow[]> {
  const { rows } = await client.query<PlatformRow>(
    'select * from platforms where workspace_id = $1 order by platform, name',
    [workspaceId],
  )
  return rows
}

export interface PlatformKey {
  readonly platform: VoicePlatformId
  readonly name: string
}

/** @param forUpdate Locks it against other writers until the transaction ends. */
export async function findPlatform(
  client: Queryable,
  workspaceId: string,
  { platform, name }: PlatformKey,
  forUpdate = false,
): Promise<PlatformRow | undefined> {
  const { rows } = await client.query<PlatformRow>(
    `select * from platforms where workspace_id = $1 and platform = $2 and name = $3
     ${forUpdate ? 'for update' : ''}`,
    [workspaceId, platform, name],
  )
  return rows[0]
}

export async function deletePlatform(
  client: Queryable,
  workspaceId: string,
  { platform, name }: PlatformKey,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from platforms where workspace_id = $1 and platform = $2 and name = $3',
    [workspaceId, platform, name],
  )
  return rowCount === 1
}
