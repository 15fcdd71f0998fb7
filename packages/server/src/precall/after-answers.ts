// What workflows do once their answers have left.
//
//   answer kept ─▶ next turn of the loop ─▶ steps, which may write ─▶ the run is stored ─▶ their rows
//
// T1. No caller waits for it: it begins in a later turn than the answer.
// T2. It is done once. A server that stops gives it a grace, and then cuts it.
// T3. So many work at once, and so many wait; what is over that is not done, and its run says so.

import type { JsonObject } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { createGate } from '../gate.ts'
import type { Asked } from './asked.ts'
import type { KeptRecord, RunStepRow } from './call-record.ts'
import { idOfRecord } from './call-record.ts'
import { recordSteps } from './record-steps.ts'
import type { Recorder } from './recorder.ts'

/** As long as journeys have to end their steps. */
const GRACE_MS = 8_000
const RUNNING_MAX = 100
const WAITING_MAX = 2_000

export interface AfterAnswersOptions {
  readonly recorder: Pick<Recorder, 'recorded'>
  readonly database: Database
  readonly changes: Pick<Changes, 'publish'>
  readonly clock: Clock
  readonly log: Log
}

export class AfterAnswers {
  readonly #options: AfterAnswersOptions
  readonly #running = new Set<Promise<void>>()
  readonly #gate = createGate(RUNNING_MAX)
  readonly #stop = new AbortController()

  constructor(options: AfterAnswersOptions) {
    this.#options = options
  }

  /** Of a record that was kept; nothing when its workflow does nothing more. */
  start(record: KeptRecord, asked: Asked | null): void {
    if (record.run === null || asked?.after === undefined) return
    const running: Promise<void> = this.#run(record, asked, asked.after)
      .catch((err: unknown) => {
        this.#options.log.warn({ err, run: record.run?.id }, 'steps after an answer are not stored')
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async close(): Promise<void> {
    const { clock } = this.#options
    const cancel = clock.setTimer(GRACE_MS, () => this.#stop.abort())
    await Promise.all(this.#running)
    cancel()
  }

  async #run(record: KeptRecord, asked: Asked, after: NonNullable<Asked['after']>): Promise<void> {
    const { recorder, database, changes, log } = this.#options
    const { run } = record
    if (run === null) return
    const { steps, error } = await this.#inTurn(run.parameters, after)
    if (error !== null) {
      log.warn({ run: run.id, workflow: run.workflow, error }, 'what follows an answer failed')
    }
    if (steps.length === 0 && error === null) return
    await Promise.race([recorder.recorded(idOfRecord(record)), aborted(this.#stop.signal)])
    const rows = recordSteps(run.workspace_id, run.id, steps).map((row): RunStepRow => ({
      ...row,
      position: asked.steps.length + row.position,
      after_answer: true,
    }))
    const { workspace_id: workspaceId, id } = run
    if (rows.length > 0) await insertSteps(database, rows)
    if (error !== null) await noteError(database, workspaceId, id, error)
    changes.publish({ topic: 'runs', workspaceId, id, callId: record.call?.id ?? null })
  }

  /** In a later turn of the loop than the answer (T1), and when there is room (T3). */
  async #inTurn(
    parameters: JsonObject,
    after: NonNullable<Asked['after']>,
  ): Promise<Awaited<ReturnType<NonNullable<Asked['after']>>>> {
    const { clock } = this.#options
    if (this.#gate.waiting >= WAITING_MAX) {
      return { steps: [], error: 'It was not done: too many answers were followed up already' }
    }
    await new Promise<void>((resolve) => void clock.setTimer(0, resolve))
    await this.#gate.enter()
    try {
      return await after(parameters, this.#stop.signal)
    } finally {
      this.#gate.leave()
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Columns are those of the first row; each row names its workspace. */
async function insertSteps(database: Database, rows: readonly RunStepRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ')
  await database.query(
    `insert into run_steps (${columns})
     select ${columns} from jsonb_populate_recordset(null::run_steps, $1)
     on conflict do nothing`,
    [JSON.stringify(rows)],
  )
}

/** Beside what the run itself may have to say. */
async function noteError(
  database: Database,
  workspaceId: string,
  runId: string,
  error: string,
): Promise<void> {
  await database.query(
    `update runs set error = concat_ws('; ', error, $3::text) where workspace_id = $1 and id = $2`,
    [workspaceId, runId, `After the answer: ${error}`],
  )
}
