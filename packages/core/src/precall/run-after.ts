// Runs what a workflow does once its answer has left.
//
//   answer ─▶ function ─▶ steps, each against its own limit ─▶ records
//                  └── limit ends, or the server stops: what runs is cut ──┘
//
// T1. The caller waits for none of it: it begins after the answer.
// T2. It is done once, and not taken up again: what must happen is a journey's work.

import type { PreCallRequest } from '@bookend/contract'
import type { Clock } from '../kernel/clock.ts'
import { WorkflowError } from '../kernel/error.ts'
import { scrubText } from '../telemetry/scrub.ts'
import type { PreCallWorkflow, StepFunction } from './definition.ts'
import type { Parameters } from './merge.ts'
import { settle } from './settle.ts'
import type { ActiveStep, StepRecord } from './steps.ts'
import { startSteps } from './steps.ts'

const AFTER_LIMIT_MS = 30_000

export interface RunAfterOptions {
  /** The very object that the run was given: YAML finds its steps by it. */
  readonly request: PreCallRequest
  /** What the agent was told. */
  readonly parameters: Parameters
  readonly clock: Clock
  /** When the run began, by the monotonic clock: its records count from there. */
  readonly startedAtMs: number
  /** Names of the steps before the answer, which cannot be used again. */
  readonly taken: readonly string[]
  readonly connections?: Readonly<Record<string, unknown>>
  readonly enter?: <T>(step: ActiveStep, run: () => T) => T
  /** The server stops. */
  readonly signal?: AbortSignal
}

export interface AfterRun {
  readonly steps: readonly StepRecord[]
  /** The message of what the function threw, or that it was cut. */
  readonly error: string | null
}

/** Never rejects, and settles inside 30 seconds. */
export async function runAfter(
  workflow: PreCallWorkflow,
  options: RunAfterOptions,
): Promise<AfterRun> {
  const { request, parameters, clock, startedAtMs, connections = {}, enter, signal } = options
  const steps = startSteps(clock, startedAtMs, clock.monotonicMs() + AFTER_LIMIT_MS, enter)
  const taken = new Set(options.taken)
  const step = ((name: string, ...rest: [never, never]) =>
    taken.has(name)
      ? Promise.reject(new WorkflowError(`Step "${name}" is used twice in one run`))
      : steps.step(name, ...rest)) as StepFunction
  const error = await new Promise<string | null>((resolve) => {
    const cut = (): void => end('It was cut: its time was over, or the server stopped')
    const cancel = clock.setTimer(AFTER_LIMIT_MS, cut)
    const end = (fault: string | null): void => {
      cancel()
      signal?.removeEventListener('abort', cut)
      resolve(fault)
    }
    signal?.addEventListener('abort', cut)
    settle(
      () => workflow.after?.({ ...request, step, connections, parameters }),
      () => end(null),
      (fault) =>
        end(scrubText(fault instanceof Error ? fault.message : String(fault)).slice(0, 1_000)),
    )
  })
  steps.close()
  return { steps: steps.records(), error }
}
