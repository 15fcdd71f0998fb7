import type { ScheduledCall } from '@bookend/contract'
import type { CallLaterSpec } from '@bookend/core'
import type { Queryable } from '../database.ts'
import { cutPage, parseCursor } from './page.ts'

type Instants = 'due_at' | 'next_attempt_at' | 'finished_at' | 'created_at'
type Row = Omit<ScheduledCall, Instants> & {
  readonly due_at: Date
  readonly next_attempt_at: Date | null
  readonly finished_at: Date | null
  readonly created_at: Date
  readonly cursor_at: string
}

const COLUMNS = `id, run_id, step, workflow, call_id, to_number, agent, params, reason, calendar,
  status, code, detail, attempts, due_at, next_attempt_at, placed_call_id, finished_at, created_at,
  due_at::text as cursor_at`

function render({ cursor_at: _, ...row }: Row): ScheduledCall {
  return {
    ...row,
    due_at: row.due_at.toISOString(),
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  }
}

export interface NewScheduledCall {
  readonly workspaceId: string
  readonly id: string
  readonly runId: string
  readonly step: string
  readonly callId: string | null
  readonly spec: CallLaterSpec
  readonly dueAt: Date
  /** Why it is blocked from the start. */
  readonly code: string | null
}

/** Answers the one that is stored, which may be there already. */
export async function insertScheduledCall(
  client: Queryable,
  { workspaceId, id, runId, step, callId, spec, dueAt, code }: NewScheduledCall,
): Promise<ScheduledCall> {
  await client.query(
    `insert into scheduled_calls (workspace_id, id, run_id, step, workflow, call_id, to_number, agent,
       params, reason, calendar, due_at, status, code, next_attempt_at, finished_at)
     select $1, $2, $3, $4, (select workflow from runs where workspace_id = $1 and id = $3), $5, $6, $7,
       $8, $9, $10, $11::timestamptz, case when $12::text is null then 'scheduled' else 'blocked' end,
       $12, case when $12 is null then $11::timestamptz end,
       case when $12 is not null then clock_timestamp() end
     on conflict do nothing`,
    [
      workspaceId,
      id,
      runId,
      step,
      callId,
      spec.to,
      spec.agent,
      JSON.stringify(spec.params),
      spec.reason,
      spec.calendar,
      dueAt,
      code,
    ],
  )
  const stored = await findScheduledCall(client, workspaceId, id)
  if (stored === null) throw new Error(`Scheduled call ${id} is gone`)
  return stored
}

export async function findScheduledCall(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<ScheduledCall | null> {
  const { rows } = await client.query<Row>(
    `select ${COLUMNS} from scheduled_calls where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  )
  const [row] = rows
  return row === undefined ? null : render(row)
}

export interface ScheduledCallFilter {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly status?: string | undefined
  readonly run_id?: string | undefined
}

export async function listScheduledCalls(
  client: Queryable,
  workspaceId: string,
  filter: ScheduledCallFilter,
): Promise<{ page: ScheduledCall[]; next: string | null }> {
  const after = parseCursor(filter.cursor)
  const { rows } = await client.query<Row>(
    `select ${COLUMNS} from scheduled_calls
     where workspace_id = $1 and ($2::text is null or status = $2)
       and ($3::uuid is null or run_id = $3)
       and ($4::text is null or (due_at, id) < ($4::timestamptz, $5::uuid))
     order by due_at desc, id desc limit $6`,
    [
      workspaceId,
      filter.status ?? null,
      filter.run_id ?? null,
      after?.at ?? null,
      after?.id ?? null,
      filter.limit + 1,
    ],
  )
  const { page, next } = cutPage(rows, filter.limit)
  return { page: page.map(render), next }
}

/** Of one that is not being dialled and not over; false otherwise. */
export async function cancelScheduledCall(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  const { rows } = await client.query(
    `update scheduled_calls set status = 'cancelled', next_attempt_at = null,
       finished_at = clock_timestamp()
     where workspace_id = $1 and id = $2 and status = 'scheduled' returning id`,
    [workspaceId, id],
  )
  return rows.length > 0
}
