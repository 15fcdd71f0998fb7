// The pre-call run of a platform's call: by the id that the platform echoes, else by any equal id, else
// by who called whom and when, if that leaves no doubt. Which of these it was is kept with the run.

import type { Outcome, PreCallSummary } from '@bookend/contract'
import { linkRun, type CallState, type NeutralCall, type RunLink } from '@bookend/platforms'
import type { Queryable } from '../store/database.ts'
import type { LinkedRun } from './describe-call.ts'
import type { PlatformRun } from './platform-run.ts'

const CANDIDATES_MAX = 200

interface RunRow {
  readonly id: string
  readonly status: PreCallSummary['status']
  readonly duration_ms: number
  readonly budget_ms: number
  readonly missing: PreCallSummary['missing']
  readonly failure: PreCallSummary['failure']
  readonly outcome: Outcome
  readonly parameters: LinkedRun['params']
  readonly platform: PlatformRun
}

export interface Linking {
  readonly workspaceId: string
  readonly connectionId: string
  readonly callId: string
  readonly state: CallState
  readonly record: NeutralCall
  readonly heardAt: string
}

const COLUMNS = `id, status, duration_ms, budget_ms, missing, failure, outcome, parameters, platform`
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Null: it is not known which. The run is the call's from then on. */
export async function linkCall(
  client: Queryable,
  linking: Linking,
): Promise<(LinkedRun & RunLink) | null> {
  const { workspaceId, connectionId, callId, state, record, heardAt } = linking
  const echoed = typeof state.runId?.value === 'string' ? state.runId.value : null
  const runs = await findCandidates(client, linking, echoed)
  const link = linkRun(
    {
      run_id: echoed,
      ids: [...state.callIds, ...state.aliases],
      from_number: record.from_number ?? null,
      to_number: record.to_number ?? null,
      started_at: record.started_at ?? heardAt,
    },
    runs.map(({ id, platform }) => ({ run_id: id, ...platform })),
  )
  const run = runs.find(({ id }) => id === link?.run_id)
  if (link === null || run === undefined) return null
  const { rowCount } = await client.query(
    `update runs set call_id = $3, platform = platform || jsonb_build_object('linked_by', $4::text)
     where workspace_id = $1 and id = $2 and call_id is null
       and platform ->> 'connection_id' = $5`,
    [workspaceId, run.id, callId, link.by, connectionId],
  )
  if (rowCount !== 1) return null
  const { id: runId, status, duration_ms, budget_ms, missing, failure } = run
  return {
    ...link,
    params: run.parameters,
    outcome: run.outcome,
    pre_call: { run_id: runId, status, duration_ms, budget_ms, missing, failure },
  }
}

/** Runs of the connection without a call that may be this one's; a day back at most. */
async function findCandidates(
  client: Queryable,
  { workspaceId, connectionId, state, record, heardAt }: Linking,
  echoed: string | null,
): Promise<readonly RunRow[]> {
  const { rows } = await client.query<RunRow>(
    `select ${COLUMNS} from runs
     where workspace_id = $1 and platform is not null and call_id is null
       and platform ->> 'connection_id' = $2
       and started_at > $4::timestamptz - interval '1 day'
       and (id = $3 or platform -> 'ids' ?| $5::text[]
         or (platform ->> 'from_number' = $6 and platform ->> 'to_number' = $7))
     order by started_at desc limit ${CANDIDATES_MAX}`,
    [
      workspaceId,
      connectionId,
      echoed !== null && UUID.test(echoed) ? echoed : null,
      heardAt,
      [...state.callIds, ...state.aliases],
      record.from_number ?? null,
      record.to_number ?? null,
    ],
  )
  return rows
}
