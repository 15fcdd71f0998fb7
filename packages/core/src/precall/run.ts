// Runs one pre-call workflow inside the caller's patience.
//
//   request ─▶ function ─▶ steps, each against its own limit ─▶ declared parameters ─▶ answer
//                  └── budget ends: unfinished steps yield their default, the function runs on ──┘
//
// P1. There is always an answer, inside the budget: a slow or failing step costs its own default,
//     a function that does not come to an end costs the fallback, never the call.
// P3. Only declared parameters leave, each valid by its own schema.
// P5. The answer leaves from a timer; what was given up on is aborted afterwards.

import type { Missing, PreCallFailure, PreCallRequest, PreCallStatus } from '@bookend/contract'
import type { Clock } from '../kernel/clock.ts'
import { scrubText } from '../telemetry/scrub.ts'
import type { PreCallReturn, PreCallWorkflow, Routing } from './definition.ts'
import { declareParameters } from './declare.ts'
import type { Parameters } from './merge.ts'
import { mergeMissing } from './missing.ts'
import type { ActiveStep, StepRecord } from './steps.ts'
import { settle } from './settle.ts'
import { startSteps } from './steps.ts'

/** How long the function may still compute once its last step was cut. */
const FINISH_MS = 25
/**
 * What finishing a run takes of the loop, at most, when many are cut together: beyond the first
 * hundred each further run is cut so much earlier, and their ends stand in line inside the budget.
 */
const FINISH_EACH_MS = 0.08
const CROWD_FROM = 100

/** Runs under way on this loop, which is what they share. */
let underWay = 0

function finishMs(budgetMs: number): number {
  const crowd = Math.max(0, underWay - CROWD_FROM)
  return Math.min(FINISH_MS + crowd * FINISH_EACH_MS, budgetMs / 4)
}

export interface PreCallRun {
  readonly status: PreCallStatus
  readonly parameters: Parameters
  readonly routing: Routing
  readonly missing: readonly Missing[]
  readonly failure: PreCallFailure | null
  /** The message of what the function threw; for the run's record, never for the caller. */
  readonly error: string | null
  readonly durationMs: number
  readonly budgetMs: number
  readonly steps: readonly StepRecord[]
}

export interface RunPreCallOptions {
  readonly request: PreCallRequest
  readonly clock: Clock
  /** What the door leaves; the workflow's own budget applies when it is smaller. */
  readonly budgetMs: number
  readonly connections?: Readonly<Record<string, unknown>>
  /** Runs a step's function where its connections find out which step called them. */
  readonly enter?: <T>(step: ActiveStep, run: () => T) => T
}

type Ending =
  | { kind: 'returned'; value: PreCallReturn }
  | { kind: 'threw'; error: unknown }
  | { kind: 'overran' }

/** Never rejects, and settles inside the budget. */
export async function runPreCall(
  workflow: PreCallWorkflow,
  { request, clock, budgetMs: doorMs, connections = {}, enter }: RunPreCallOptions,
): Promise<PreCallRun> {
  const budgetMs = Math.max(0, Math.min(doorMs, workflow.budgetMs ?? doorMs))
  const startedAtMs = clock.monotonicMs()
  const cutAtMs = startedAtMs + budgetMs - finishMs(budgetMs)
  const steps = startSteps(clock, startedAtMs, cutAtMs, enter)

  underWay += 1
  const ending = await new Promise<Ending>((resolve) => {
    let cancel = clock.setTimer(cutAtMs - startedAtMs, () => {
      steps.cutAll()
      const leftMs = startedAtMs + budgetMs - clock.monotonicMs()
      cancel = clock.setTimer(Math.max(0, leftMs), () => resolve({ kind: 'overran' }))
    })
    const end = (result: Ending): void => {
      cancel()
      resolve(result)
    }
    settle(
      () => workflow.run({ ...request, step: steps.step, connections }),
      (value) => end({ kind: 'returned', value }),
      (error) => end({ kind: 'threw', error }),
    )
  })

  underWay -= 1
  // What still runs now is told of as running: nobody waited for it.
  const records = steps.records()
  const cut = steps.missing()
  steps.close()
  const durationMs = clock.monotonicMs() - startedAtMs
  const common = { durationMs, budgetMs, steps: records }
  if (ending.kind !== 'returned' || !isReturn(ending.value)) {
    return { ...common, ...fallBack(workflow, ending, cut) }
  }
  const { parameters: returned, missing: explained, ...routing } = ending.value
  const { parameters, missing: invalid } = declareParameters(workflow, returned)
  const missing = mergeMissing(explained, cut, invalid)
  const status = missing.length === 0 ? 'answered' : 'partial'
  return { ...common, status, parameters, routing, missing, failure: null, error: null }
}

function isReturn(value: unknown): value is PreCallReturn {
  return (
    typeof value === 'object' &&
    value !== null &&
    'parameters' in value &&
    typeof value.parameters === 'object' &&
    value.parameters !== null &&
    !Array.isArray(value.parameters)
  )
}

function fallBack(workflow: PreCallWorkflow, ending: Ending, cut: readonly Missing[]) {
  const reason = ending.kind === 'overran' ? 'timed_out' : 'failed'
  const failure: PreCallFailure =
    ending.kind === 'overran'
      ? 'timeout'
      : ending.kind === 'returned'
        ? 'no_parameters'
        : 'workflow_failed'
  const unset = Object.keys(workflow.parameters).map((name): Missing => ({
    name,
    reason,
    step: null,
  }))
  const error = ending.kind === 'threw' ? messageOf(ending.error) : null
  const parameters = workflow.fallback
  return {
    status: 'fallback' as const,
    parameters,
    routing: {},
    missing: [...cut, ...unset],
    failure,
    error,
  }
}

const messageOf = (error: unknown): string =>
  scrubText(error instanceof Error ? error.message : String(error)).slice(0, 1_000)
