// Pre-call runs of the past, with what they were asked and what their steps were answered.

import type {
  Attestation,
  Direction,
  JsonObject,
  Missing,
  Outcome,
  PreCallRequest,
  PreCallStatus,
} from '@bookend/contract'
import type { RecordedStep } from '@bookend/sdk/testing/recorded-answers'
import type { WorkflowForm } from '../../workflows/find-files.ts'
import type { Queryable } from '../database.ts'
import { cutPage, parseCursor } from './page.ts'

export interface RecordedRun {
  readonly id: string
  readonly version: string | null
  /** Of that version; null: it is not stored. */
  readonly form: WorkflowForm | null
  readonly status: PreCallStatus
  readonly call_id: string | null
  readonly agent_id: string | null
  /** What was asked, of a run without a call. */
  readonly input: PreCallRequest | null
  readonly started_at: Date
  readonly duration_ms: number | null
  readonly budget_ms: number | null
  readonly outcome: Outcome
  readonly parameters: JsonObject | null
  readonly missing: readonly Missing[]
  readonly error: string | null
  /** Of its call; null without one. */
  readonly call: {
    readonly from_number: string
    readonly to_number: string
    readonly direction: Direction
    readonly attestation: Attestation | null
    readonly params: JsonObject
  } | null
  readonly steps: readonly RecordedStep[]
}

export interface RecordedFilter {
  readonly workflow: string
  /** This one alone. */
  readonly runId?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

type Row = Omit<RecordedRun, 'steps'> & { readonly cursor_at: string }

/** Newest first; answers that were given again from memory are left out. */
export async function listRecordedRuns(
  client: Queryable,
  workspaceId: string,
  { workflow, runId, limit, cursor }: RecordedFilter,
): Promise<{ page: readonly RecordedRun[]; next: string | null }> {
  const after = parseCursor(cursor)
  const { rows } = await client.query<Row>(
    `select r.id, r.version, v.form, r.status, r.call_id, r.agent_id, r.input, r.started_at, r.duration_ms,
       r.budget_ms, r.outcome, r.parameters, r.missing, r.error, r.started_at::text as cursor_at,
       case when c.id is not null then jsonb_build_object('from_number', c.from_number,
         'to_number', c.to_number, 'direction', c.direction, 'attestation', c.attestation,
         'params', c.params) end as call
     from runs r left join calls c on c.workspace_id = r.workspace_id and c.id = r.call_id
       left join workflow_versions v
         on v.workspace_id = r.workspace_id and v.name = r.workflow and v.version = r.version
     where r.workspace_id = $1 and r.kind = 'pre-call' and r.workflow = $2 and r.repeat_of is null
       and (c.id is not null or r.input is not null) and r.outcome is not null
       and ($3::text is null or (r.started_at, r.id) < ($3::timestamptz, $4::uuid))
       and ($6::uuid is null or r.id = $6)
     order by r.started_at desc, r.id desc limit $5`,
    [workspaceId, workflow, after?.at ?? null, after?.id ?? null, limit + 1, runId ?? null],
  )
  const { page, next } = cutPage(rows, limit)
  const { rows: steps } = await client.query<RecordedStep & { run_id: string }>(
    `select run_id, name, status, duration_ms, connection, action, input, output, error
     from run_steps where workspace_id = $1 and run_id = any($2::uuid[]) and not after_answer`,
    [workspaceId, page.map(({ id }) => id)],
  )
  const byRun = new Map<string, RecordedStep[]>()
  for (const step of steps) byRun.set(step.run_id, [...(byRun.get(step.run_id) ?? []), step])
  return { page: page.map((run) => ({ ...run, steps: byRun.get(run.id) ?? [] })), next }
}
