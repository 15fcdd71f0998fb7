// Runs the steps of a YAML workflow, whichever kind it is.
//
//   all that a step waits for is over ─▶ skipped? ─▶ if? ─▶ done, failed
//
// Y1. A step starts as soon as the last step it mentions is over, and not before.
// Y2. A step whose mentioned step has no output is skipped, unless its `if` looks at that step's
//     status (rule 5).

import { EvaluationError } from '../expression/expression-error.ts'
import type { Frame, StepState } from '../expression/scope.ts'
import type { CompiledStep } from './compile-steps.ts'

export interface StepRun {
  readonly frame: Frame
  /** Resolves when these steps are over, whatever became of them. */
  over(names: readonly string[]): Promise<unknown>
}

/** What becomes of a step that is not skipped; a promise, or at once. */
export type Perform = (step: CompiledStep, frame: Frame) => StepState | Promise<StepState>

/** @param onConditionFault What becomes of a step whose `if` cannot be told. */
export function startGraph(
  steps: readonly CompiledStep[],
  frame: Frame & { readonly steps: Record<string, StepState> },
  perform: Perform,
  onConditionFault: (step: CompiledStep, fault: EvaluationError) => StepState,
): StepRun {
  const over = new Map<string, Promise<void>>()
  const start = (step: CompiledStep): Promise<void> | undefined => {
    const state = decide(step, frame, perform, onConditionFault)
    if (state instanceof Promise) {
      return state.then((settled) => {
        frame.steps[step.name] = settled
      })
    }
    frame.steps[step.name] = state
    return undefined
  }
  for (const step of steps) {
    const waits = step.waitsFor.flatMap((name) => over.get(name) ?? [])
    const ending = waits.length === 0 ? start(step) : Promise.all(waits).then(() => start(step))
    if (ending === undefined) continue
    // Somebody may wait for it, or nobody; an unhandled rejection must not end the process.
    ending.catch(() => undefined)
    over.set(step.name, ending)
  }
  return { frame, over: (names) => Promise.all(names.flatMap((name) => over.get(name) ?? [])) }
}

const SKIPPED: StepState = { status: 'skipped', output: undefined }

function decide(
  step: CompiledStep,
  frame: Frame,
  perform: Perform,
  onConditionFault: (step: CompiledStep, fault: EvaluationError) => StepState,
): StepState | Promise<StepState> {
  const isLost = step.waitsFor.some(
    (name) => frame.steps[name]?.output === undefined && !step.tolerates.has(name),
  )
  if (isLost) return SKIPPED
  try {
    if (step.condition?.holds(frame) === false) return SKIPPED
  } catch (error) {
    if (error instanceof EvaluationError) return onConditionFault(step, error)
    throw error
  }
  return perform(step, frame)
}

/** The function of a step's connection; the runtime gave it when the run began. */
export function callAction(
  connections: Readonly<Record<string, unknown>>,
  { use, handle: [noun, verb] }: CompiledStep,
  input: unknown,
): Promise<unknown> {
  const nouns = connections[use?.local ?? ''] as Handles | undefined
  const call = nouns?.[noun]?.[verb]
  if (call === undefined) throw new TypeError(`Connection "${use?.local}" has no ${noun}.${verb}`)
  return call(input)
}

type Handles = Readonly<
  Record<string, Readonly<Record<string, (input: unknown) => Promise<unknown>>> | undefined>
>
