// A run's journal in `run_steps`, in the hands of the execution that opened the run last.
//
// N1. Every write reads `runs.execution` and locks the row against a change of it: an execution that
//     was taken over records nothing (F30), and one that takes over reads all there is.
// N2. An outcome is written over an open step only, so the first one stands.
// N3. Waits end by the database's time (F29).

import type { Json } from '@bookend/contract'
import type { JourneyJournal, JournalStep, StepOutcome } from '@bookend/core'
import { redact, RunTakenOverError } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { Database } from '../store/database.ts'
import { jsonColumn } from './json-column.ts'
import type { Patience } from './patience.ts'

export interface OpenRun {
  readonly workspaceId: string
  readonly runId: string
  readonly callId: string | null
  /** Names this execution of it. */
  readonly execution: string
}

interface StepRow extends Omit<JournalStep, 'waitMs'> {
  readonly wait_ms: number | null
}

interface OutcomeRow {
  readonly status: string
  readonly output: Json
  readonly error: string | null
}

const SINCE_START_MS = 'extract(epoch from clock_timestamp() - mine.started_at) * 1000'
const IN_MS = (value: string): string =>
  `clock_timestamp() + ${value}::double precision * interval '1 millisecond'`
const THIS_STEP = 's.workspace_id = mine.workspace_id and s.run_id = mine.id and s.name = $4'
const INPUT_MAX = 65_536

export function openPostgresJournal(
  database: Database,
  changes: Pick<Changes, 'publish'>,
  patience: Patience,
  { workspaceId, runId, callId, execution }: OpenRun,
): JourneyJournal {
  const publish = (): void => changes.publish({ topic: 'runs', workspaceId, id: runId, callId })

  /** Runs `sql` where `mine` is the run, while it is ours; yields the first row it returns. */
  async function write<Row>(sql: string, values: readonly unknown[]): Promise<Row | null> {
    const statement = `with mine as materialized (
        select workspace_id, id, started_at from runs
        where workspace_id = $1 and id = $2 and execution = $3 for share
      ), written as (${sql})
      select (select count(*) from mine)::int as owned, (select to_jsonb(written) from written) as row`
    const [answer] = await patience(() =>
      database.query<{ owned: number; row: Row | null }>(statement, [
        workspaceId,
        runId,
        execution,
        ...values,
      ]),
    )
    if (answer?.owned !== 1) throw takenOver(runId)
    publish()
    return answer.row
  }

  return {
    async read() {
      const rows = await patience(() =>
        database.query<StepRow>(
          `select name, kind, status, attempts, writes, output, error,
             case when wake_at is not null then
               greatest(0, extract(epoch from wake_at - clock_timestamp()) * 1000)::float8 end as wait_ms
           from run_steps where workspace_id = $1 and run_id = $2 order by position`,
          [workspaceId, runId],
        ),
      )
      return rows.map(({ wait_ms: waitMs, ...row }) => ({ ...row, waitMs }))
    },
    async begin({ name, position, limitMs }, attempts) {
      await write(
        `insert into run_steps as s
           (workspace_id, run_id, name, position, kind, status, start_ms, limit_ms, attempts)
         select workspace_id, id, $4, $5::int, 'step', 'running', ${SINCE_START_MS},
           $6::double precision, $7::jsonb from mine
         on conflict (workspace_id, run_id, name) do update
           set status = 'running', attempts = excluded.attempts, writes = '[]', wake_at = null,
             limit_ms = excluded.limit_ms
           where s.status not in ('ok', 'failed')
         returning s.name`,
        [name, position, limitMs, jsonColumn(attempts)],
      )
    },
    async announce(name, writes) {
      await write(
        `update run_steps s set writes = $5::jsonb from mine
         where ${THIS_STEP} and s.status = 'running' returning s.name`,
        [name, jsonColumn(writes)],
      )
    },
    async postpone(name, attempts, waitMs) {
      await write(
        `update run_steps s set status = 'waiting', attempts = $5::jsonb, wake_at = ${IN_MS('$6')}
         from mine where ${THIS_STEP} and s.status in ('running', 'waiting') returning s.name`,
        [name, jsonColumn(attempts), waitMs],
      )
    },
    async finish({ name }, outcome, attempts, use) {
      const isOk = outcome.status === 'ok'
      const input = jsonColumn(redact(use?.input ?? null))
      const row = await write<OutcomeRow>(
        `update run_steps s set status = $5, output = $6::jsonb, error = $7, attempts = $8::jsonb,
           duration_ms = ${SINCE_START_MS} - s.start_ms, wake_at = null,
           connection = coalesce($9, s.connection), action = coalesce($10, s.action),
           input = coalesce($11::jsonb, s.input), phases = coalesce($12::jsonb, s.phases)
         from mine where ${THIS_STEP} and s.status in ('running', 'waiting')
         returning s.status, s.output, s.error`,
        [
          name,
          outcome.status,
          isOk ? jsonColumn(outcome.output) : null,
          isOk ? null : outcome.error,
          jsonColumn(attempts),
          use?.connection ?? null,
          use?.action ?? null,
          use === null || (input?.length ?? 0) > INPUT_MAX ? null : input,
          use === null ? null : jsonColumn(use.phases ?? null),
        ],
      )
      return row === null ? await standing(name) : readOutcome(row)
    },
    async sleep({ name, position }, durationMs) {
      const row = await write<{ left_ms: number }>(
        `insert into run_steps as s
           (workspace_id, run_id, name, position, kind, status, start_ms, limit_ms, wake_at)
         select workspace_id, id, $4, $5::int, 'sleep', 'waiting', ${SINCE_START_MS},
           $6::double precision, ${IN_MS('$6')} from mine
         on conflict (workspace_id, run_id, name) do update set kind = s.kind
         returning (extract(epoch from s.wake_at - clock_timestamp()) * 1000)::float8 as left_ms`,
        [name, position, durationMs],
      )
      return row?.left_ms ?? 0
    },
    async wake(name) {
      await write(
        `update run_steps s set status = 'ok', wake_at = null,
           duration_ms = ${SINCE_START_MS} - s.start_ms
         from mine where ${THIS_STEP} and s.status = 'waiting' returning s.name`,
        [name],
      )
    },
    async setStatus(status) {
      const rows = await patience(() =>
        database.query(
          `update runs set status = $4 where workspace_id = $1 and id = $2 and execution = $3
             and status in ('running', 'waiting') returning id`,
          [workspaceId, runId, execution, status],
        ),
      )
      if (rows.length === 0) throw takenOver(runId)
      publish()
    },
  }

  async function standing(name: string): Promise<StepOutcome> {
    const [row] = await patience(() =>
      database.query<{ status: string; output: Json; error: string | null }>(
        `select status, output, error from run_steps
         where workspace_id = $1 and run_id = $2 and name = $3`,
        [workspaceId, runId, name],
      ),
    )
    if (row === undefined) throw takenOver(runId)
    return readOutcome(row)
  }
}

const takenOver = (runId: string): RunTakenOverError =>
  new RunTakenOverError(`Run ${runId} is in the hands of another execution`)

const readOutcome = ({ status, output, error }: OutcomeRow): StepOutcome =>
  status === 'ok' ? { status, output } : { status: 'failed', error: error ?? '' }
