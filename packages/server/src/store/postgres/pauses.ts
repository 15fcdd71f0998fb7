import type { Pause, PauseKind } from '@bookend/contract'
import type { Queryable } from '../database.ts'

interface PauseRow {
  readonly workspace_id: string
  readonly kind: PauseKind
  readonly name: string
  readonly reason: string | null
  readonly paused_by: string
  readonly paused_at: Date
}

export interface StoredPause extends Pause {
  readonly workspaceId: string
}

const render = (row: PauseRow): StoredPause => ({
  workspaceId: row.workspace_id,
  kind: row.kind,
  name: row.name,
  reason: row.reason,
  by: row.paused_by,
  at: row.paused_at.toISOString(),
})

/** Of all workspaces. */
export async function listPauses(client: Queryable): Promise<readonly StoredPause[]> {
  const { rows } = await client.query<PauseRow>('select * from pauses order by paused_at, name')
  return rows.map(render)
}

export interface NewPause {
  readonly workspaceId: string
  readonly kind: PauseKind
  readonly name: string
  readonly reason: string | null
  readonly by: string
}

/** One that is paused already stays so since then; who and why are the last said. */
export async function storePause(client: Queryable, pause: NewPause): Promise<StoredPause> {
  const { rows } = await client.query<PauseRow>(
    `insert into pauses (workspace_id, kind, name, reason, paused_by) values ($1, $2, $3, $4, $5)
     on conflict (workspace_id, kind, name) do update
       set reason = excluded.reason, paused_by = excluded.paused_by
     returning *`,
    [pause.workspaceId, pause.kind, pause.name, pause.reason, pause.by],
  )
  return render(rows[0] as PauseRow)
}

export async function deletePause(
  client: Queryable,
  { workspaceId, kind, name }: Pick<NewPause, 'workspaceId' | 'kind' | 'name'>,
): Promise<void> {
  await client.query('delete from pauses where workspace_id = $1 and kind = $2 and name = $3', [
    workspaceId,
    kind,
    name,
  ])
}

/** Whether the journey of `run`, an alias in the statement around it, is held. */
export const isHeld = (run: string): string => `exists (
  select from pauses held where held.workspace_id = ${run}.workspace_id
    and held.kind = 'workflow' and held.name = ${run}.workflow)`

/** Brings runs forward that have a step which waits for the connection; answers which. */
export async function wakeHeldSteps(
  client: Queryable,
  workspaceId: string,
  connection: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `update runs r set wake_at = least(r.wake_at, clock_timestamp())
     from (select id from runs where workspace_id = $1 and id in (
             select run_id from run_steps where workspace_id = $1 and paused_on = $2)
           order by id for no key update) held
     where r.workspace_id = $1 and r.id = held.id and r.status in ('queued', 'running', 'waiting')
     returning r.id`,
    [workspaceId, connection],
  )
  return rows.map(({ id }) => id)
}
