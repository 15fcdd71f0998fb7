// A pre-call workflow written in YAML: the same `step` as in TypeScript, over a graph.
//
//   connections, parameters ─▶ steps ─▶ respond ─▶ definition
//   run: steps as their needs end ─▶ what `respond` mentions is over ─▶ answer
//
// X1. Nothing is parsed in a call.
// X2. A step that fails costs what mentions it, never the answer (P1).

import type { MissingReason } from '@bookend/contract'
import { PreCallRequest } from '@bookend/contract'
import { isCircuitOpen } from '../breaker/circuit-open.ts'
import { EvaluationError } from '../expression/expression-error.ts'
import type { Calendars, StepState, Vocabulary } from '../expression/scope.ts'
import { mapOf, type ValueType } from '../expression/value-type.ts'
import { parseDuration } from '../kernel/duration.ts'
import type { PreCallContext, PreCallWorkflow, StepOptions } from '../precall/definition.ts'
import { StepUnavailableError } from '../precall/steps.ts'
import { type Catalog, readConnections } from './catalog.ts'
import { type CompiledStep, compileSteps, toGraphStep } from './compile-steps.ts'
import { createExplainer } from './explain-missing.ts'
import type { WorkflowGraph } from './graph.ts'
import { typeOfSchema } from './json-type.ts'
import type { FileEntry } from './file-node.ts'
import { readParameters } from './parameters.ts'
import type { Problems } from './problem.ts'
import { type Fields, readDuration } from './read.ts'
import { readRespond, type Respond } from './respond.ts'
import { callAction, planSteps, type RunFrame, startSteps } from './run-steps.ts'
import { readSteps, type StepContext } from './step-draft.ts'

export interface FileContext {
  readonly catalog: Catalog
  /** Configured connections; null: not known, as when an old version is read again. */
  readonly connections: readonly string[] | null
  readonly calendars: Calendars | null
  readonly now: () => Date
  readonly problems: Problems
  readonly warnings: Problems
  lineOf(offset: number): number
}

export const PRE_CALL_FIELDS = [
  'workflow',
  'on',
  'budget',
  'connections',
  'parameters',
  'steps',
  'respond',
  'after',
]

export interface ReadWorkflow<D> {
  readonly definition: D
  readonly graph: WorkflowGraph
}

export function readPreCall(
  name: string,
  fields: Fields,
  context: FileContext,
): ReadWorkflow<PreCallWorkflow> {
  const { catalog, problems, calendars, now } = context
  const budget = readDuration(fields.get('budget'), problems)
  const budgetMs = budget === null ? null : parseDuration(budget)
  const locals = readConnections(fields.get('connections'), catalog, context.connections, problems)
  const parameters = readParameters(fields.get('parameters'), problems)
  const stepContext = { kind: 'pre-call', catalog, locals, problems } as const
  const drafts = readSteps(fields.get('steps'), stepContext)
  const base = { variables: requestTypes(), calendars }
  const { steps, vocabulary } = compileSteps(drafts, base, problems)
  const respond = readRespond(fields.get('respond'), vocabulary, parameters, problems)
  if (!fields.has('respond')) {
    problems.add(0, '', 'the workflow answers nothing', 'give it "respond" with "parameters"')
  }
  const after = readAfter(fields.get('after'), {
    stepContext: { ...stepContext, isAfter: true },
    vocabulary,
    told: mapOf(parameters.types),
  })
  const names = Object.keys(parameters.schemas)
  warnUnused({ fields, steps, after, respond, locals, names }, context)
  const frames = new WeakMap<PreCallContext['call'], RunFrame>()
  const answerNeeds = [...new Set(respond.mentions.map(({ step }) => step))]
  return {
    graph: {
      steps: [
        ...steps.map((step) => toGraphStep(step, 'pre-call', context.lineOf(step.keyAt))),
        ...after.map((step) => toGraphStep(step, 'pre-call', context.lineOf(step.keyAt), true)),
      ],
      answerNeeds,
      budgetMs,
    },
    definition: {
      kind: 'pre-call',
      name,
      budgetMs,
      parameters: parameters.schemas,
      fallback: parameters.fallback,
      connections: locals,
      run: createRun(steps, respond, answerNeeds, now, frames),
      ...(after.length === 0 ? {} : { after: createAfter(after, frames) }),
    },
  }
}

/** What `call` and `agent` hold before the call, from the contract itself. */
function requestTypes(): Readonly<Record<string, ValueType>> {
  const { call, agent } = PreCallRequest.shape
  return { call: typeOfSchema(call), agent: typeOfSchema(agent) }
}

interface AfterParts {
  readonly stepContext: StepContext
  readonly vocabulary: Vocabulary
  /** The type of what the agent was told. */
  readonly told: ValueType
}

function readAfter(
  entry: FileEntry | undefined,
  { stepContext, vocabulary, told }: AfterParts,
): readonly CompiledStep[] {
  const { problems } = stepContext
  const drafts = readSteps(entry, stepContext)
  for (const { name, keyAt, path } of drafts) {
    if (!Object.hasOwn(vocabulary.steps, name)) continue
    problems.add(keyAt, path, `there is a step "${name}" before the answer`, 'give it another name')
  }
  const { variables, calendars, steps } = vocabulary
  const base = { variables: { ...variables, parameters: told }, calendars }
  return compileSteps(drafts, base, problems, steps).steps
}

interface Used {
  readonly fields: Fields
  readonly steps: readonly CompiledStep[]
  readonly after: readonly CompiledStep[]
  readonly respond: Respond
  readonly locals: Readonly<Record<string, string>>
  readonly names: readonly string[]
}

function warnUnused(
  { fields, steps, after, respond, locals, names }: Used,
  { warnings }: FileContext,
): void {
  const mentioned = new Set([
    ...respond.mentions.map(({ step }) => step),
    ...[...steps, ...after].flatMap(({ waitsFor }) => waitsFor),
  ])
  for (const { name, keyAt, path } of steps) {
    if (!mentioned.has(name)) warnings.add(keyAt, path, 'nothing uses this step')
  }
  warnConnections(fields, [...steps, ...after], locals, warnings)
  const at = fields.get('parameters')?.value
  for (const name of names) {
    if (respond.sets.has(name) || at?.kind !== 'map') continue
    const entry = at.entries.get(name)
    const path = `parameters.${name}`
    warnings.add(
      entry?.keyAt ?? at.at,
      path,
      'nothing sets this parameter: it is always its default',
    )
  }
}

export function warnConnections(
  fields: Fields,
  steps: readonly CompiledStep[],
  locals: Readonly<Record<string, string>>,
  warnings: Problems,
): void {
  const at = fields.get('connections')?.value
  for (const local of Object.keys(locals)) {
    const isUsed = steps.some(
      ({ use, handoff }) => use?.local === local || handoff?.notify?.use.local === local,
    )
    if (at?.kind !== 'map' || isUsed) continue
    const entry = at.entries.get(local)
    warnings.add(entry?.keyAt ?? at.at, `connections.${local}`, 'no step uses this connection')
  }
}

function createRun(
  steps: readonly CompiledStep[],
  respond: Respond,
  answerNeeds: readonly string[],
  now: () => Date,
  frames: WeakMap<PreCallContext['call'], RunFrame>,
): PreCallWorkflow['run'] {
  const plan = planSteps(steps, answerNeeds)
  const explain = createExplainer(steps, respond.sets)
  const options = new Map(steps.map((step) => [step.name, optionsOf(step)]))
  return async (context) => {
    const { call, agent } = context
    const calledAt = new Date(call.timestamp)
    const steps = { ...plan.unset }
    // An expression finds a context, if an empty one: a field that is missing would be a fault.
    const variables = { call: { context: {}, ...call }, agent }
    const frame: RunFrame = { variables, steps, now, calledAt }
    frames.set(call, frame)
    const over = startSteps(plan, frame, {
      perform: (step) => perform(step, frame, context, options.get(step.name) ?? {}),
      afterConditionFault: failed,
    })
    await over(answerNeeds)
    const answer = respond.answer(frame)
    return { ...answer, missing: explain(frame.steps, answer.parameters) }
  }
}

/** What comes after goes on with the steps of the run, which it finds by the call. */
function createAfter(
  steps: readonly CompiledStep[],
  frames: WeakMap<PreCallContext['call'], RunFrame>,
): NonNullable<PreCallWorkflow['after']> {
  const names = steps.map(({ name }) => name)
  const plan = planSteps(steps, names)
  return async (context) => {
    const before = frames.get(context.call)
    if (before === undefined) return
    const { variables, steps: states } = before
    const { parameters } = context
    const frame: RunFrame = {
      ...before,
      variables: { ...variables, parameters },
      steps: { ...states, ...plan.unset },
    }
    const over = startSteps(plan, frame, {
      perform: (step) => perform(step, frame, context, optionsOf(step)),
      afterConditionFault: failed,
    })
    await over(names)
  }
}

function optionsOf({
  timeout,
  hasDefault,
  default: value,
  cache,
}: CompiledStep): StepOptions<unknown> {
  return {
    ...(timeout === null
      ? {}
      : { timeout: timeout as NonNullable<StepOptions<unknown>['timeout']> }),
    ...(hasDefault ? { default: value } : {}),
    ...(cache === undefined ? {} : { cache }),
  }
}

const failed = ({ hasDefault, default: value }: CompiledStep): StepState => ({
  status: 'failed',
  output: hasDefault ? (value ?? null) : undefined,
  reason: 'failed',
})

function perform(
  step: CompiledStep,
  frame: RunFrame,
  context: PreCallContext,
  options: StepOptions<unknown>,
): StepState | Promise<void> {
  if (step.kind === 'use') return performUse(step, frame, context, options)
  try {
    return { status: 'ok', output: step.value.evaluate(frame) ?? null }
  } catch (error) {
    if (error instanceof EvaluationError) return failed(step)
    throw error
  }
}

function performUse(
  step: CompiledStep,
  frame: RunFrame,
  { step: run, connections }: PreCallContext,
  options: StepOptions<unknown>,
): Promise<void> {
  const { name } = step
  let reason: MissingReason = 'timed_out'
  let own: unknown = NOT_YET
  const keep = (output: unknown): unknown => (own = output ?? null)
  const fail = (error: unknown): never => {
    reason = isCircuitOpen(error) ? 'circuit_open' : 'failed'
    throw error
  }
  const ask = (): Promise<unknown> => {
    try {
      return callAction(connections, step, step.value.evaluate(frame)).then(keep, fail)
    } catch (error) {
      return fail(error)
    }
  }
  return run(name, ask, options as StepOptions<never>).then(
    (output) => {
      const isOwn = output === own
      frame.steps[name] = isOwn
        ? { status: 'ok', output }
        : { status: statusOf(reason), output: output ?? null, reason }
    },
    (error: unknown) => {
      if (!(error instanceof StepUnavailableError)) throw error
      const { reason: known } = error
      frame.steps[name] = { status: statusOf(known), output: undefined, reason: known }
    },
  )
}

const statusOf = (reason: MissingReason): string =>
  reason === 'timed_out' ? 'timed_out' : 'failed'

const NOT_YET = Symbol('not yet')
