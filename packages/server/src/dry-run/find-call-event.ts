import type { JsonObject } from '@bookend/contract'
import type { JourneyEvent } from '@bookend/core'
import type { Queryable } from '../store/database.ts'

/** The newest event of a type that a call has. */
export async function findCallEvent(
  client: Queryable,
  workspaceId: string,
  callId: string,
  type: string,
): Promise<JourneyEvent | null> {
  const { rows } = await client.query<{ id: string; payload: JsonObject; created_at: Date }>(
    `select id, payload, created_at from events
     where workspace_id = $1 and call_id = $2 and type = $3
     order by created_at desc, id desc limit 1`,
    [workspaceId, callId, type],
  )
  const [row] = rows
  if (row === undefined) return null
  const { id, payload, created_at } = row
  return { event_id: id, event_type: type, created_at: created_at.toISOString(), payload }
}
