// Handoffs as people see them.

import type { Handoff, HandoffStatus, JsonObject } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { cutPage, parseCursor } from './page.ts'

type Instants = 'claimed_at' | 'snoozed_until' | 'answered_at' | 'due_at' | 'created_at'
type HandoffRow = Omit<Handoff, Instants> & {
  readonly claimed_at: Date | null
  readonly snoozed_until: Date | null
  readonly answered_at: Date | null
  readonly due_at: Date
  readonly created_at: Date
  readonly cursor_at: string
}

/** One whose time is over is expired, also before its run has noticed. */
const STATUS = `case when h.status = 'open' and h.due_at <= clock_timestamp() then 'expired'
  else h.status end`
const SELECT = `select h.id, h.run_id, h.step, h.workflow, h.call_id, c.from_number, h.title, h.assign,
    h.form, ${STATUS} as status, h.claimed_by, h.claimed_at, h.snoozed_until, h.answer,
    h.answered_by, h.answered_at, h.due_at, h.created_at
  from handoffs h left join calls c on c.workspace_id = h.workspace_id and c.id = h.call_id`

function render({ cursor_at: _, ...row }: HandoffRow): Handoff {
  return {
    ...row,
    claimed_at: row.claimed_at?.toISOString() ?? null,
    snoozed_until: row.snoozed_until?.toISOString() ?? null,
    answered_at: row.answered_at?.toISOString() ?? null,
    due_at: row.due_at.toISOString(),
    created_at: row.created_at.toISOString(),
  }
}

export async function findHandoff(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<Handoff | null> {
  const { rows } = await client.query<HandoffRow>(
    `${SELECT} where h.workspace_id = $1 and h.id = $2`,
    [workspaceId, id],
  )
  const [row] = rows
  return row === undefined ? null : render(row)
}

export interface LockedHandoff {
  readonly handoff: Handoff
  /** How often it was given to somebody else. */
  readonly revision: number
}

export async function findLinked(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<LockedHandoff | null> {
  const { rows } = await client.query<HandoffRow & { link_revision: number }>(
    `${SELECT.replace('h.created_at\n', 'h.created_at, h.link_revision\n')}
     where h.workspace_id = $1 and h.id = $2`,
    [workspaceId, id],
  )
  const [row] = rows
  if (row === undefined) return null
  const { link_revision: revision, ...handoff } = row
  return { handoff: render(handoff), revision }
}

/** Locked together with its run, the run first, as the run's own records have it. */
export async function lockHandoff(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<LockedHandoff | null> {
  await client.query(
    `select r.id from runs r
     where r.workspace_id = $1
       and r.id = (select run_id from handoffs where workspace_id = $1 and id = $2)
     for no key update`,
    [workspaceId, id],
  )
  await client.query('select id from handoffs where workspace_id = $1 and id = $2 for update', [
    workspaceId,
    id,
  ])
  return await findLinked(client, workspaceId, id)
}

export interface HandoffFilter {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly status: HandoffStatus
  readonly assign?: string | undefined
  readonly run_id?: string | undefined
  readonly snoozed: 'true' | 'false'
}

export async function listHandoffs(
  client: Queryable,
  workspaceId: string,
  filter: HandoffFilter,
): Promise<{ page: Handoff[]; next: string | null }> {
  const after = parseCursor(filter.cursor)
  const isOpen = filter.status === 'open'
  const [at, behind, order] = isOpen ? ['due_at', '>', 'asc'] : ['created_at', '<', 'desc']
  const among = { open: `= 'open'`, expired: `in ('open', 'expired')` }
  const stored = filter.status in among ? among[filter.status as 'open' | 'expired'] : '= $2'
  const { rows } = await client.query<HandoffRow>(
    `${SELECT.replace('h.created_at\n', `h.created_at, h.${at}::text as cursor_at\n`)}
     where h.workspace_id = $1 and h.status ${stored} and ${STATUS} = $2
       and ($3::text is null or h.assign = $3) and ($4::uuid is null or h.run_id = $4)
       and ($5 or h.snoozed_until is null or h.snoozed_until <= clock_timestamp())
       and ($6::text is null or (h.${at}, h.id) ${behind} ($6::timestamptz, $7::uuid))
     order by h.${at} ${order}, h.id ${order} limit $8`,
    [
      workspaceId,
      filter.status,
      filter.assign ?? null,
      filter.run_id ?? null,
      filter.snoozed === 'true' || !isOpen,
      after?.at ?? null,
      after?.id ?? null,
      filter.limit + 1,
    ],
  )
  const { page, next } = cutPage(rows, filter.limit)
  return { page: page.map(render), next }
}

type HandoffChange =
  | { readonly kind: 'claim'; readonly by: string }
  | { readonly kind: 'answer'; readonly by: string; readonly answer: JsonObject }
  | { readonly kind: 'reassign'; readonly assign: string | null }
  | { readonly kind: 'snooze'; readonly until: Date | null }

/** Of one that is locked and open. */
export async function changeHandoff(
  client: Queryable,
  workspaceId: string,
  id: string,
  change: HandoffChange,
): Promise<void> {
  const [set, values] = columnsOf(change)
  await client.query(`update handoffs set ${set} where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
    ...values,
  ])
}

function columnsOf(change: HandoffChange): readonly [string, readonly unknown[]] {
  switch (change.kind) {
    case 'claim':
      return ['claimed_by = $3, claimed_at = clock_timestamp(), snoozed_until = null', [change.by]]
    case 'answer':
      return [
        `status = 'answered', answer = $3, answered_by = $4, answered_at = clock_timestamp()`,
        [JSON.stringify(change.answer), change.by],
      ]
    case 'reassign':
      return [
        `assign = $3, claimed_by = null, claimed_at = null, link_revision = link_revision + 1`,
        [change.assign],
      ]
    case 'snooze':
      return ['snoozed_until = $3', [change.until]]
  }
}
