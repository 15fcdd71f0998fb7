import type { JsonObject, ScheduledCallStatus } from '@bookend/contract'
import type { Database, Queryable } from '../store/database.ts'

export interface ClaimedCall {
  readonly workspaceId: string
  readonly id: string
  readonly runId: string | null
  readonly step: string | null
  readonly workflow: string | null
  readonly callId: string | null
  readonly to: string
  readonly agent: string
  readonly params: JsonObject
  readonly reason: string | null
  readonly calendar: string | null
  readonly attempts: number
  readonly token: string
  /** A claim of it ended without a word. */
  readonly wasDialling: boolean
}

const AT_ONCE = 20
const CLAIM_S = 60

/** Oldest first; each is this process's for a minute. */
export const claimDueCalls = (database: Database): Promise<readonly ClaimedCall[]> =>
  database.query<ClaimedCall>(
    `update scheduled_calls c
     set status = 'dialling', attempts = attempts + 1, lease_token = gen_random_uuid(),
       next_attempt_at = clock_timestamp() + interval '${CLAIM_S} seconds'
     from (select workspace_id, id, status as was from scheduled_calls
           where next_attempt_at <= statement_timestamp()
           order by next_attempt_at limit ${AT_ONCE} for update skip locked) due
     where c.workspace_id = due.workspace_id and c.id = due.id
     returning c.workspace_id as "workspaceId", c.id, c.run_id as "runId", c.step, c.workflow,
       c.call_id as "callId", c.to_number as "to", c.agent, c.params, c.reason, c.calendar,
       c.attempts, c.lease_token as token, due.was = 'dialling' as "wasDialling"`,
    [],
  )

export interface Settlement {
  readonly status: ScheduledCallStatus
  readonly code?: string | null
  readonly detail?: string | null
  readonly placedCallId?: string
  /** Until it is due again; left out: it is over. */
  readonly waitMs?: number
}

/** False: the claim is no longer this one. */
export async function settleCall(
  client: Queryable,
  { workspaceId, id, token }: ClaimedCall,
  { status, code = null, detail = null, placedCallId, waitMs }: Settlement,
): Promise<boolean> {
  const { rows } = await client.query(
    `update scheduled_calls set status = $4, code = $5, detail = $6, placed_call_id = $7,
       lease_token = null,
       next_attempt_at = clock_timestamp() + $8::double precision * interval '1 millisecond',
       finished_at = case when $8::double precision is null then clock_timestamp() end
     where workspace_id = $1 and id = $2 and lease_token = $3 returning id`,
    [workspaceId, id, token, status, code, detail, placedCallId ?? null, waitMs ?? null],
  )
  return rows.length > 0
}
