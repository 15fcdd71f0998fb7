import type { NeutralAgent } from '@bookend/platforms'
import type { AgentInMemory, Snapshot } from '../snapshot.ts'
import type { PlatformRow } from '../store/postgres/platforms.ts'

/** Which agent here stands for the platform's: by its id there, else the default, else by the number. */
export function pickAgent(
  snapshot: Pick<Snapshot, 'findAgent' | 'agentIdOfNumber'>,
  row: Pick<PlatformRow, 'workspace_id' | 'agents' | 'default_agent_id'>,
  agent: Pick<NeutralAgent, 'id'> | undefined,
  ownNumber: string | null,
): AgentInMemory | undefined {
  const { workspace_id: workspaceId, agents, default_agent_id: standard } = row
  const theirs = agent?.id ?? null
  const mapped = theirs !== null && Object.hasOwn(agents, theirs) ? agents[theirs] : undefined
  const ofNumber = ownNumber === null ? undefined : snapshot.agentIdOfNumber(workspaceId, ownNumber)
  const id = mapped ?? standard ?? ofNumber
  return id === undefined || id === null ? undefined : snapshot.findAgent(workspaceId, id)
}

/** What the platform calls an agent of ours; null: it has none for it. */
export function theirAgentId(
  { agents }: Pick<PlatformRow, 'agents'>,
  agentId: string,
): string | null {
  const found = Object.entries(agents).find(([, ours]) => ours === agentId)
  return found?.[0] ?? null
}
