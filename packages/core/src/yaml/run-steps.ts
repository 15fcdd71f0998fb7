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

export interface StepPlan {
  readonly steps: readonly CompiledStep[]
  /** A name for every step, so that a run's states have one shape from the start. */
  readonly unset: Readonly<Record<string, undefined>>
  /** Steps that nothing waits for. */
  readonly loose: ReadonlySet<string>
}

/** @param awaited The steps whose end the run itself waits for. */
export function planSteps(steps: readonly CompiledStep[], awaited: readonly string[]): StepPlan {
  const watched = new Set([...awaited, ...steps.flatMap(({ waitsFor }) => waitsFor)])
  const names = steps.map(({ name }) => name)
  return {
    steps,
    unset: Object.fromEntries(names.map((name) => [name, undefined])),
    loose: new Set(names.filter((name) => !watched.has(name))),
  }
}

export interface RunFrame extends Frame {
  readonly steps: Record<string, StepState | undefined>
}

/** What a kind of workflow does with its steps. */
export interface StepRunner {
  /** What becomes of a step at once; or a promise, and the state is set when it resolves. */
  perform(step: CompiledStep, frame: RunFrame): StepState | Promise<void>
  /** What becomes of a step whose `if` cannot be told. */
  afterConditionFault(step: CompiledStep, fault: EvaluationError): StepState
}

/** @returns Resolves when the named steps are over, whatever became of them. */
export function startSteps(
  { steps, loose }: StepPlan,
  frame: RunFrame,
  runner: StepRunner,
): (names: readonly string[]) => Promise<unknown> {
  const open = new Map<string, Promise<void>>()
  const waitFor = (names: readonly string[]): Promise<unknown> | undefined => {
    const waits = names.flatMap((name) => open.get(name) ?? [])
    return waits.length > 1 ? Promise.all(waits) : waits[0]
  }
  const start = (step: CompiledStep): Promise<void> | undefined => {
    const state = decide(step, frame, runner)
    if (state instanceof Promise) return state
    frame.steps[step.name] = state
    return undefined
  }
  for (const step of steps) {
    const waits = waitFor(step.waitsFor)
    const ending = waits === undefined ? start(step) : waits.then(() => start(step))
    if (ending === undefined) continue
    open.set(step.name, ending)
    // A rejection that nobody waits for would end the process.
    if (loose.has(step.name)) ending.catch(() => undefined)
  }
  return async (names) => waitFor(names)
}

const SKIPPED: StepState = { status: 'skipped', output: undefined }

function decide(
  step: CompiledStep,
  frame: RunFrame,
  runner: StepRunner,
): StepState | Promise<void> {
  const isLost = step.waitsFor.some(
    (name) => frame.steps[name]?.output === undefined && !step.tolerates.has(name),
  )
  if (isLost) return SKIPPED
  try {
    if (step.condition?.holds(frame) === false) return SKIPPED
  } catch (error) {
    if (error instanceof EvaluationError) return runner.afterConditionFault(step, error)
    throw error
  }
  return runner.perform(step, frame)
}

/** The function of a step's connection; the runtime gave it when the run began. */
export function callAction(
  connections: Readonly<Record<string, unknown>>,
  { use, handle: [noun, verb] }: Pick<CompiledStep, 'use' | 'handle'>,
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
