// A run's journal in `run_steps`, in the hands of the execution that opened the run last.
//
// N1, N2 and N4 of `run-writer.ts` hold here as well; what is written most often goes through that.
// N3. Waits end by the database's time (F29).

import type { Json } from '@bookend/contract'
import type { JourneyJournal, JournalStep, StepOutcome, StepPlace } from '@bookend/core'
import { redact, RunTakenOverError } from '@bookend/core'
import type pg from 'pg'
import type { Changes } from '../changes/changes.ts'
import type { Database } from '../store/database.ts'
import { awaitReceipts, NEEDS_NO_MORE } from '../receipts/receipt-rows.ts'
import { addTag } from '../store/postgres/calls.ts'
import type { CallRules } from '../scheduled-calls/call-rules.ts'
import { scheduleCall } from '../scheduled-calls/schedule-call.ts'
import type { HandoffLinks } from '../handoffs/links.ts'
import type { NewEvent } from '../store/postgres/events.ts'
import { jsonColumn } from './json-column.ts'
import type { Patience } from './patience.ts'
import { askHandoff, type HandoffAsked } from './record-handoff.ts'
import { type RunInput, storeInput } from './run-rows.ts'
import type { RunWriter } from './run-writer.ts'
import type { OutcomeRow } from './run-writer-sql.ts'
import { passOver, readCandidates, WAIT_COLUMNS, waitValues } from './record-wait.ts'
import { IN_MS, SINCE_START_MS } from './sql-time.ts'

export interface OpenRun {
  readonly workspaceId: string
  readonly runId: string
  readonly callId: string | null
  /** Names this execution of it. */
  readonly execution: string
}

/** Takes in an event of the run's own; `announce` tells of it once it is committed. */
export type AcceptEvent = (
  client: pg.PoolClient,
  event: NewEvent,
) => Promise<{ readonly id: string; announce(): void }>

export interface RunJournal extends JourneyJournal {
  /** Ends the run, unless another execution has it. `failedStep`: whose failure it was. */
  end(error: string | null, failedStep: string | null): Promise<void>
}

export interface JournalParts {
  readonly database: Database
  /** Its statements find rows by key and are prepared. */
  readonly keyed: Pick<Database, 'query'>
  readonly writer: RunWriter
  readonly changes: Pick<Changes, 'publish'>
  readonly patience: Patience
  readonly accept: AcceptEvent
  readonly links: Pick<HandoffLinks, 'linkFor'>
  readonly calls: CallRules
}

interface StepRow extends Omit<JournalStep, 'waitMs'> {
  readonly wait_ms: number | null
}

const THIS_STEP = 's.workspace_id = mine.workspace_id and s.run_id = mine.id and s.name = $4'
/** @param unstored What the run sees, when it is still to be stored (N4). */
export function openPostgresJournal(
  { database, keyed, writer, changes, patience, accept, links, calls }: JournalParts,
  run: OpenRun,
  unstored: RunInput | null = null,
): RunJournal {
  const { workspaceId, runId, callId, execution } = run
  const publish = (): void => changes.publish({ topic: 'runs', workspaceId, id: runId, callId })
  let seen = unstored ?? undefined

  /** A record of which what the run sees becomes part, until one of them is stored. */
  async function withSeen<T>(record: (input: RunInput | undefined) => Promise<T>): Promise<T> {
    const answer = await record(seen)
    seen = undefined
    return answer
  }

  async function storeSeen(): Promise<void> {
    const input = seen
    if (input === undefined) return
    await patience(() => storeInput(keyed, run, input))
    seen = undefined
  }

  /** Runs `sql` where `mine` is the run, while it is ours; yields the first row it returns. */
  async function write<Row>(
    sql: string,
    values: readonly unknown[],
    beside = '',
  ): Promise<Row | null> {
    const statement = `with mine as materialized (
        select workspace_id, id, started_at, queued_at from runs
        where workspace_id = $1 and id = $2 and execution = $3 for share
      ),${beside} written as (${sql})
      select (select count(*) from mine)::int as owned, (select to_jsonb(written) from written) as row`
    await storeSeen()
    const [answer] = await patience(() =>
      keyed.query<{ owned: number; row: Row | null }>(statement, [
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

  /** The same for what takes in an event as well; its own run is locked before any that it wakes. */
  async function writeWithEvent<T extends { announce(): void }>(
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    await storeSeen()
    const written = await patience(() =>
      database.transaction(async (client) => {
        const { rows } = await client.query(
          `select id from runs where workspace_id = $1 and id = $2 and execution = $3
           for no key update`,
          [workspaceId, runId, execution],
        )
        if (rows.length === 0) throw takenOver(runId)
        return await work(client)
      }),
    )
    publish()
    written.announce()
    return written
  }

  /** A step whose effect is of the same transaction. */
  async function recordDone(
    client: pg.PoolClient,
    { name, position }: StepPlace,
    action: string,
    input: Json,
    output: Json,
  ): Promise<void> {
    await client.query(
      `insert into run_steps as s
         (workspace_id, run_id, name, position, kind, status, start_ms, duration_ms, action,
          input, output)
       select workspace_id, id, $4, $5::int, 'step', 'ok', ${SINCE_START_MS}, 0, $6,
         $7::jsonb, $8::jsonb from runs mine
       where workspace_id = $1 and id = $2 and execution = $3
       on conflict (workspace_id, run_id, name) do update
         set status = 'ok', output = excluded.output, duration_ms = 0
         where s.status not in ('ok', 'failed')`,
      [
        workspaceId,
        runId,
        execution,
        name,
        position,
        action,
        jsonColumn(redact(input)),
        jsonColumn(output),
      ],
    )
  }

  return {
    async read() {
      // Nothing is recorded before what the run sees is (N4).
      if (seen !== undefined) return []
      const rows = await patience(() =>
        keyed.query<StepRow>(
          `select name, kind, status, attempts, writes, output, error,
             case when wake_at is not null then
               greatest(0, extract(epoch from wake_at - clock_timestamp()) * 1000)::float8 end as wait_ms
           from run_steps where workspace_id = $1 and run_id = $2 order by position`,
          [workspaceId, runId],
        ),
      )
      return rows.map(({ wait_ms: waitMs, ...row }) => ({ ...row, waitMs }))
    },
    async begin(step, attempts) {
      await withSeen((input) => writer.begin(run, step, attempts, input))
      publish()
    },
    async announce(name, writes) {
      if (!writes.some(({ isReceipted }) => isReceipted)) {
        await writer.announce(run, name, writes)
        return publish()
      }
      await write(
        `update run_steps s set writes = $5::jsonb from mine
         where ${THIS_STEP} and s.status = 'running' returning s.name`,
        [name, jsonColumn(writes)],
        awaitReceipts('$4', '$5'),
      )
    },
    async postpone(name, attempts, waitMs) {
      await write(
        `update run_steps s set status = 'waiting', attempts = $5::jsonb, wake_at = ${IN_MS('$6')}
         from mine where ${THIS_STEP} and s.status in ('running', 'waiting') returning s.name`,
        [name, jsonColumn(attempts), waitMs],
      )
    },
    async hold(name, attempts, connection) {
      await write(
        `update run_steps s set status = 'waiting', attempts = $5::jsonb, wake_at = null,
           paused_on = $6
         from mine where ${THIS_STEP} and s.status in ('running', 'waiting') returning s.name`,
        [name, jsonColumn(attempts), connection],
      )
    },
    async finish({ name }, outcome, attempts, use) {
      const row = await withSeen((input) => writer.finish(run, name, outcome, attempts, use, input))
      publish()
      return row === null ? await standing(name) : readOutcome(row)
    },
    async confirm({ name }, error) {
      const row = await write<OutcomeRow>(
        `update run_steps s set wake_at = null, duration_ms = ${SINCE_START_MS} - s.start_ms,
           connection = coalesce(s.connection, s.writes #>> '{-1,connection}'),
           action = coalesce(s.action, s.writes #>> '{-1,action}'),
           status = case when ${NEEDS_NO_MORE} then 'ok' else 'failed' end,
           output = case when ${NEEDS_NO_MORE} then 'null'::jsonb end,
           error = case when not ${NEEDS_NO_MORE} then $5::text end
         from mine where ${THIS_STEP} and s.status in ('running', 'waiting')
           and ($5::text is not null or ${NEEDS_NO_MORE})
         returning s.status, s.output, s.error`,
        [name, error],
      )
      if (row !== null) return readOutcome(row)
      return error === null ? await settled(name) : await standing(name)
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
    async wait({ name, position }, { eventType, where, limitMs }) {
      const row = await write<{ left_ms: number | null; age_ms: number | null }>(
        `insert into run_steps as s
           (workspace_id, run_id, name, position, kind, status, start_ms, limit_ms, wake_at,
            ${WAIT_COLUMNS})
         select workspace_id, id, $4, $5::int, 'wait', 'waiting', ${SINCE_START_MS},
           $6::double precision, ${IN_MS('$6')}, ${waitValues('$7', '$8')} from mine
         on conflict (workspace_id, run_id, name) do update set kind = s.kind
         returning (extract(epoch from s.wake_at - clock_timestamp()) * 1000)::float8 as left_ms,
           (extract(epoch from clock_timestamp() - s.began_at) * 1000)::float8 as age_ms`,
        [name, position, limitMs, eventType, jsonColumn(where)],
      )
      return { leftMs: row?.left_ms ?? 0, ageMs: row?.age_ms ?? 0 }
    },
    candidates: (name, after) => patience(() => readCandidates(database, run, name, after)),
    async passOver(name, last) {
      await write(passOver(THIS_STEP), [name, last.created_at])
    },
    async handoff(step, spec) {
      const { leftMs, result, asked } = await writeWithEvent<HandoffAsked>((client) =>
        askHandoff({ client, accept, changes, links }, run, step, spec),
      )
      return { leftMs, result, asked }
    },
    async emit({ name, position }, { type, payload }) {
      const { outcome } = await writeWithEvent(async (client) => {
        const dedupeKey = `emit:${runId}:${name}`
        const accepted = await accept(client, { workspaceId, type, dedupeKey, callId, payload })
        await recordDone(client, { name, position }, 'emit', { type, payload }, accepted.id)
        const stands: StepOutcome = { status: 'ok', output: accepted.id }
        return { outcome: stands, announce: () => accepted.announce() }
      })
      return outcome
    },
    async tag(step, tag) {
      const { outcome } = await writeWithEvent(async (client) => {
        if (callId === null) {
          const none: StepOutcome = { status: 'failed', error: 'The run has no call to tag' }
          return { outcome: none, announce: () => undefined }
        }
        await addTag(client, workspaceId, callId, tag, new Date())
        await recordDone(client, step, 'tag', { tag }, null)
        const stands: StepOutcome = { status: 'ok', output: null }
        const announce = (): void =>
          changes.publish({ topic: 'calls', workspaceId, id: callId, callId })
        return { outcome: stands, announce }
      })
      return outcome
    },
    async callLater(step, spec) {
      const { outcome } = await writeWithEvent(async (client) => {
        const scheduled = await scheduleCall({ client, accept, ...calls }, run, step, spec)
        const { output } = scheduled
        await recordDone(client, step, 'call_later', { ...spec }, output)
        const stands: StepOutcome = { status: 'ok', output }
        return { outcome: stands, announce: () => scheduled.announce() }
      })
      return outcome
    },
    async check() {
      const rows = await patience(() =>
        keyed.query('select id from runs where workspace_id = $1 and id = $2 and execution = $3', [
          workspaceId,
          runId,
          execution,
        ]),
      )
      if (rows.length === 0) throw takenOver(runId)
    },
    async setStatus(status) {
      const rows = await patience(() =>
        keyed.query(
          `update runs set status = $4 where workspace_id = $1 and id = $2 and execution = $3
             and status in ('running', 'waiting') returning id`,
          [workspaceId, runId, execution, status],
        ),
      )
      if (rows.length === 0) throw takenOver(runId)
      publish()
    },
    end: (error, failedStep) => withSeen((input) => writer.end(run, error, failedStep, input)),
  }

  async function standing(name: string): Promise<StepOutcome> {
    const outcome = await settled(name)
    if (outcome === null) throw takenOver(runId)
    return outcome
  }

  /** Null: it is open, or is not there. */
  async function settled(name: string): Promise<StepOutcome | null> {
    const [row] = await patience(() =>
      keyed.query<OutcomeRow>(
        `select status, output, error from run_steps
         where workspace_id = $1 and run_id = $2 and name = $3 and status in ('ok', 'failed')`,
        [workspaceId, runId, name],
      ),
    )
    return row === undefined ? null : readOutcome(row)
  }
}

const takenOver = (runId: string): RunTakenOverError =>
  new RunTakenOverError(`Run ${runId} is in the hands of another execution`)

const readOutcome = ({ status, output, error }: OutcomeRow): StepOutcome =>
  status === 'ok' ? { status, output } : { status: 'failed', error: error ?? '' }
