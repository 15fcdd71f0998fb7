// Records of runs that are written many times a second, those of many runs in one statement.
//
//   begin │ announce │ finish ─▶ one statement for steps ─▶ one commit
//   open  │ end               ─▶ one statement for runs
//
// N1. Every write reads `runs.execution` and locks the row against a change of it: an execution that
//     was taken over records nothing (F30), and one that takes over reads all there is.
// N2. An outcome is written over an open step only, so the first one stands.
// N4. What a run sees is stored with the first record that follows from it (X2).
// N5. A statement of many waits for no run's lock: one that somebody else is at is written alone. So an
//     operator's change of it holds up no other, and none is part of a deadlock.

import type { JournalAttempt, StepOutcome, StepPlace, StepUse, StepWrite } from '@bookend/core'
import { redact, RunTakenOverError } from '@bookend/core'
import { createGroupCommit } from '../group-commit.ts'
import type { Database } from '../store/database.ts'
import { jsonColumn } from './json-column.ts'
import type { Patience } from './patience.ts'
import type { OwnRun, RunHead, RunInput } from './run-rows.ts'
import {
  RUNS_ALONE,
  RUNS_BESIDE,
  STEPS_ALONE,
  STEPS_BESIDE,
  type OutcomeRow,
  type RunsAnswer,
  type StepsAnswer,
} from './run-writer-sql.ts'

export interface RunWriter {
  /**
   * Gives the run to an execution; null when it is over, waits outside of the queue, has another
   * entry, or is held because its journey is paused.
   */
  open(run: OwnRun, entry: string): Promise<RunHead | null>
  /** Ends the run, unless another execution has it; steps that still wait are given up. */
  end(run: OwnRun, error: string | null, failedStep: string | null, seen?: RunInput): Promise<void>
  /** @throws {RunTakenOverError} As do the others below. */
  begin(
    run: OwnRun,
    step: StepPlace & { readonly limitMs: number },
    attempts: readonly JournalAttempt[],
    seen?: RunInput,
  ): Promise<void>
  announce(run: OwnRun, name: string, writes: readonly StepWrite[]): Promise<void>
  /** Null: the step was over before. */
  finish(
    run: OwnRun,
    name: string,
    outcome: StepOutcome,
    attempts: readonly JournalAttempt[],
    use: StepUse | null,
    seen?: RunInput,
  ): Promise<OutcomeRow | null>
}

export interface RunWriterOptions {
  /** Its statements find rows by key and are prepared. */
  readonly database: Pick<Database, 'query'>
  readonly patience: Patience
  /** So many runs were given to an execution. */
  readonly onOpened?: (count: number) => void
}

const LANES = 2
const BATCH_MAX = 64
const BATCH_SIZE_MAX = 1_000_000
const INPUT_MAX = 65_536

interface Item {
  readonly runId: string
  readonly name?: string
  /** As JSON. */
  readonly text: string
}

export function createRunWriter({ database, patience, onOpened }: RunWriterOptions): RunWriter {
  const lanes = { lanes: LANES, max: BATCH_MAX, maxSize: BATCH_SIZE_MAX }
  const sizeOf = ({ text }: Item): number => text.length

  async function send<Row>(sql: string, items: readonly Item[]): Promise<Row> {
    const given = `[${items.map(({ text }) => text).join(',')}]`
    const [row] = await patience(() => database.query<{ answer: Row }>(sql, [given]))
    if (row === undefined) throw new Error('No answer to a record')
    return row.answer
  }

  const writeStep = createGroupCommit<Item, OutcomeRow | null>({
    ...lanes,
    sizeOf,
    async together(items) {
      const { owned, finished } = await send<StepsAnswer>(STEPS_BESIDE, items)
      const ours = new Set(owned)
      const outcomes = new Map(finished.map((row) => [`${row.run_id}/${row.name}`, row]))
      return items.map(({ runId, name }) =>
        ours.has(runId) ? { answer: outcomes.get(`${runId}/${name}`) ?? null } : null,
      )
    },
    async alone(item) {
      const { owned, finished } = await send<StepsAnswer>(STEPS_ALONE, [item])
      if (owned.length === 0) {
        throw new RunTakenOverError(`Run ${item.runId} is in the hands of another execution`)
      }
      return finished[0] ?? null
    },
  })

  const writeRun = createGroupCommit<Item, RunHead | null>({
    ...lanes,
    sizeOf,
    async together(items) {
      const { opened, ended } = await send<RunsAnswer>(RUNS_BESIDE, items)
      onOpened?.(opened.length)
      const heads = new Map(opened.map((head) => [head.id, head]))
      const over = new Set(ended)
      return items.map(({ runId }) => {
        const head = heads.get(runId)
        return head !== undefined || over.has(runId) ? { answer: head ?? null } : null
      })
    },
    async alone(item) {
      const { opened } = await send<RunsAnswer>(RUNS_ALONE, [item])
      onOpened?.(opened.length)
      return opened[0] ?? null
    },
  })

  return {
    open: (run, entry) => writeRun(render(run, { kind: 'open', entry })),
    async end(run, error, failedStep, seen) {
      const status = error === null ? 'completed' : 'failed'
      await writeRun(render(run, { kind: 'end', status, error, failed_step: failedStep, seen }))
    },
    async begin(run, { name, position, limitMs }, attempts, seen) {
      await writeStep(
        render(run, { kind: 'begin', name, position, limit_ms: limitMs, attempts, seen }),
      )
    },
    async announce(run, name, writes) {
      await writeStep(render(run, { kind: 'announce', name, writes }))
    },
    finish(run, name, outcome, attempts, use, seen) {
      const input = redact(use?.input ?? null)
      const isStored = use !== null && (jsonColumn(input)?.length ?? 0) <= INPUT_MAX
      return writeStep(
        render(run, {
          kind: 'finish',
          name,
          ...outcome,
          attempts,
          connection: use?.connection,
          action: use?.action,
          input: isStored ? input : undefined,
          phases: use?.phases,
          seen,
        }),
      )
    },
  }
}

function render(
  { workspaceId, runId, execution }: OwnRun,
  {
    name,
    ...rest
  }: { readonly kind: string; readonly name?: string; readonly [field: string]: unknown },
): Item {
  const item = { workspace_id: workspaceId, run_id: runId, execution, name, ...rest }
  return { runId, ...(name === undefined ? {} : { name }), text: jsonColumn(item) ?? '' }
}
