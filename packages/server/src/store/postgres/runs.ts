import type { Receipt, Run, RunListItem, RunStep } from '@bookend/contract'
import { redact } from '@bookend/core'
import type { Queryable } from '../database.ts'
import { RECEIPTS } from '../../receipts/receipt-rows.ts'
import { cutPage, parseCursor } from './page.ts'
import { isHeld } from './pauses.ts'

type RunRow = Omit<RunListItem, 'started_at' | 'finished_at'> & {
  readonly started_at: Date
  readonly finished_at: Date | null
  readonly parameters: unknown
  readonly input: unknown
  readonly cursor_at: string
}

const SELECT = `select r.id, r.kind, r.workflow, r.version, r.status, r.call_id, r.agent_id,
    r.event_id, e.type as event_type, r.key, r.started_at, r.finished_at, r.duration_ms,
    r.deadline_ms, r.budget_ms, r.outcome, r.parameters, r.missing, r.failure, r.error,
    r.repeat_of, r.replay_of, r.platform - '{connection_id,ids,from_number,to_number,answered_at}'::text[] as platform,
    r.status in ('queued', 'waiting') and ${isHeld('r')} as is_paused, case when r.kind = 'pre-call' then r.input end as input, r.started_at::text as cursor_at
  from runs r left join events e on e.workspace_id = r.workspace_id and e.id = r.event_id`

function renderItem(row: RunRow): RunListItem {
  const { cursor_at, parameters, input, started_at, finished_at, platform, ...rest } = row
  return {
    ...rest,
    ...(platform === null || platform === undefined ? {} : { platform }),
    started_at: started_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
  }
}

export async function findRun(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<Run | null> {
  const { rows } = await client.query<RunRow>(`${SELECT} where r.workspace_id = $1 and r.id = $2`, [
    workspaceId,
    id,
  ])
  const [run] = await withSteps(client, workspaceId, rows)
  return run ?? null
}

/** Both kinds, in the order of their start. */
export async function runsOfCall(
  client: Queryable,
  workspaceId: string,
  callId: string,
): Promise<readonly Run[]> {
  const { rows } = await client.query<RunRow>(
    `${SELECT} where r.workspace_id = $1 and r.call_id = $2 order by r.started_at, r.id`,
    [workspaceId, callId],
  )
  return await withSteps(client, workspaceId, rows)
}

export interface RunFilter {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly workflow?: string | undefined
  readonly kind?: string | undefined
  readonly status?: string | undefined
  readonly call_id?: string | undefined
}

export async function listRuns(
  client: Queryable,
  workspaceId: string,
  filter: RunFilter,
): Promise<{ page: RunListItem[]; next: string | null }> {
  const after = parseCursor(filter.cursor)
  const { rows } = await client.query<RunRow>(
    `${SELECT}
     where r.workspace_id = $1 and ($2::text is null or r.workflow = $2)
       and ($3::text is null or r.kind = $3) and ($4::text is null or r.status = $4)
       and ($5::uuid is null or r.call_id = $5)
       and ($6::text is null or (r.started_at, r.id) < ($6::timestamptz, $7::uuid))
     order by r.started_at desc, r.id desc limit $8`,
    [
      workspaceId,
      filter.workflow ?? null,
      filter.kind ?? null,
      filter.status ?? null,
      filter.call_id ?? null,
      after?.at ?? null,
      after?.id ?? null,
      filter.limit + 1,
    ],
  )
  const { page, next } = cutPage(rows, filter.limit)
  return { page: page.map(renderItem), next }
}

type StepRow = Omit<RunStep, 'receipts'> & {
  readonly run_id: string
  readonly receipts: Receipt[] | null
}

async function withSteps(
  client: Queryable,
  workspaceId: string,
  runs: readonly RunRow[],
): Promise<Run[]> {
  if (runs.length === 0) return []
  const { rows } = await client.query<StepRow>(
    `select run_id, name, kind, status, start_ms, duration_ms, limit_ms, default_used, after_answer,
       connection, action, input, output, error, attempts, phases, cache, paused_on,
       ${RECEIPTS} as receipts
     from run_steps s where workspace_id = $1 and run_id = any($2::uuid[])
     order by position, start_ms, name`,
    [workspaceId, runs.map(({ id }) => id)],
  )
  return runs.map((run) => ({
    ...renderItem(run),
    parameters: run.parameters,
    input: run.input,
    steps: rows
      .filter(({ run_id }) => run_id === run.id)
      // A journey goes on with the outputs it has, so they are stored as they are and shown without.
      .map(({ run_id: _, receipts, ...step }) => ({
        ...step,
        output: redact(step.output),
        ...(receipts === null ? {} : { receipts }),
      })),
  }))
}
