// A journey written in YAML: the same `step`, `sleep`, `waitFor`, `human`, `emit` and `tag`
// as in TypeScript, over a graph.
//
// N1. What is decided between steps depends on recorded outputs alone, so that every execution of a
//     run decides the same; the time is read inside steps (J3).
// N2. A failed step fails the run, unless the `if` of another looks at its status.

import type { JsonObject } from '@bookend/contract'
import { Call, EVENT_TYPE } from '@bookend/contract'
import { EvaluationError } from '../expression/expression-error.ts'
import type { Condition } from '../expression/expression.ts'
import type { Frame, StepState, Vocabulary } from '../expression/scope.ts'
import { ANY, mapOf, STRING, type ValueType } from '../expression/value-type.ts'
import type {
  AskedHandoff,
  CallLaterOptions,
  JourneyContext,
  JourneyMatchContext,
  JourneyWorkflow,
} from '../journey/definition.ts'
import { StepFailedError } from '../journey/step-tools.ts'
import type { Duration } from '../kernel/duration.ts'
import { WorkflowError } from '../kernel/error.ts'
import { readConnections } from './catalog.ts'
import { type CompiledStep, compileSteps, toGraphStep } from './compile-steps.ts'
import type { NoticeDraft } from './handoff.ts'
import { typeOfSchema } from './json-type.ts'
import { type FileContext, type ReadWorkflow, warnConnections } from './pre-call.ts'
import type { Problems } from './problem.ts'
import { type Fields, readScalar } from './read.ts'
import { callAction, planSteps, type RunFrame, startSteps } from './run-steps.ts'
import { readSteps } from './step-draft.ts'
import { compileTest, compileValue, type Value } from './value.ts'

export const JOURNEY_FIELDS = ['workflow', 'on', 'if', 'key', 'once', 'connections', 'steps']

export function readJourney(
  name: string,
  on: string,
  fields: Fields,
  context: FileContext,
): ReadWorkflow<JourneyWorkflow> {
  const { catalog, problems, calendars, now } = context
  const locals = readConnections(fields.get('connections'), catalog, context.connections, problems)
  checkEventType(on, fields, problems)
  const base = { variables: eventTypes(on), calendars }
  const atStart: Vocabulary = { ...base, steps: {} }
  const condition = compileTest(fields.get('if'), atStart, problems)
  const key = readName('key', fields, atStart, problems)
  const once = readName('once', fields, atStart, problems)
  if (key?.isLiteral === true) {
    const { at = 0, path = 'key' } = fields.get('key')?.value ?? {}
    const message = 'with one key for all, runs go one after the other'
    problems.add(at, path, message, 'write ${{ call.from_number }}')
  }
  const drafts = readSteps(fields.get('steps'), { kind: 'journey', catalog, locals, problems })
  const { steps } = compileSteps(drafts, base, problems)
  if (!fields.has('steps')) problems.add(0, '', 'the journey does nothing', 'give it "steps"')
  for (const step of steps) refuseTimedChoice(step, problems)
  warnConnections(fields, steps, locals, context.warnings)
  const graph = {
    steps: steps.map((step) => toGraphStep(step, 'journey', context.lineOf(step.keyAt))),
    answerNeeds: [],
    budgetMs: null,
  }
  return {
    graph,
    definition: {
      kind: 'journey',
      name,
      on,
      connections: locals,
      matches: (match) => holds(condition, frameOf(match, now)),
      keyOf: (match) => nameOf(key, frameOf(match, now)),
      ...(once === null
        ? {}
        : { onceOf: (match: JourneyMatchContext) => nameOf(once, frameOf(match, now)) }),
      run: createRun(steps, now),
    },
  }
}

function checkEventType(on: string, fields: Fields, problems: Problems): void {
  if (EVENT_TYPE.test(on)) return
  const { at = 0, path = 'on' } = fields.get('on')?.value ?? {}
  problems.add(
    at,
    path,
    `"${on}" is not an event type`,
    'write pre-call, or a type such as call.completed',
  )
}

/** What `call` and `event` hold; only an event about a call is sure to have one. */
function eventTypes(on: string): Readonly<Record<string, ValueType>> {
  const event = mapOf({ event_id: STRING, event_type: STRING, created_at: STRING, payload: ANY })
  return { event, call: on.startsWith('call.') ? withAnalysis(typeOfSchema(Call)) : ANY }
}

const withAnalysis = (type: ValueType): ValueType =>
  type.kind === 'map' ? mapOf({ ...type.fields, analysis: mapOf({}, ANY) }, type.rest) : type

/** A text that stands for what an event is about: `key`, `once`. */
function readName(
  field: 'key' | 'once',
  fields: Fields,
  vocabulary: Vocabulary,
  problems: Problems,
): Value | null {
  const entry = readScalar(fields.get(field), problems)
  if (entry === null) return null
  const value = compileValue(entry.node, vocabulary, problems)
  if (!['string', 'number', 'any', 'null'].includes(value.type.kind)) {
    problems.add(entry.node.at, entry.node.path, `"${field}" is text`)
  }
  return value
}

/** Where an expression decides between steps, and is evaluated anew in each execution. */
function refuseTimedChoice(step: CompiledStep, problems: Problems): void {
  const { condition, match, value, kind, fields, path } = step
  const timed = [
    condition?.isTimed === true ? 'if' : null,
    match?.isTimed === true ? 'match' : null,
    kind === 'wait_for' && value.isTimed ? 'where' : null,
    kind === 'human' && value.isTimed ? 'human' : null,
    kind === 'call_later' && value.isTimed ? 'call_later' : null,
  ]
  for (const name of timed) {
    const entry = name === null ? undefined : fields.get(name)
    if (entry === undefined) continue
    const message = 'the time may be another one when the run goes on after a restart'
    const hint = 'put it in a step with "value", and look at that step here'
    problems.add(entry.value.at, `${path}.${name}`, message, hint)
  }
}

function frameOf({ event, call }: JourneyMatchContext, now: () => Date): Frame {
  return { variables: { event, call }, steps: {}, now }
}

/** What cannot be told is no match. */
function holds(condition: Condition | null, frame: Frame): boolean {
  try {
    return condition?.holds(frame) ?? true
  } catch (error) {
    if (error instanceof EvaluationError) return false
    throw error
  }
}

function nameOf(name: Value | null, frame: Frame): string | null {
  try {
    const value = name?.evaluate(frame) ?? null
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  } catch (error) {
    if (error instanceof EvaluationError) return null
    throw error
  }
}

function createRun(steps: readonly CompiledStep[], now: () => Date): JourneyWorkflow['run'] {
  const handled = new Set(steps.flatMap(({ tolerates }) => [...tolerates]))
  const names = steps.map(({ name }) => name)
  const plan = planSteps(steps, names)
  return async (context) => {
    const { event, call } = context
    const frame: RunFrame = { variables: { event, call }, steps: { ...plan.unset }, now }
    const over = startSteps(plan, frame, {
      perform: (step) => perform(step, frame, context, handled.has(step.name)),
      afterConditionFault(step, fault) {
        throw new WorkflowError(`Step "${step.name}", if: ${fault.message}`)
      },
    })
    await over(names)
  }
}

function perform(
  step: CompiledStep,
  frame: RunFrame,
  context: JourneyContext,
  isHandled: boolean,
): StepState | Promise<void> {
  const { name, value, kind } = step
  if (kind === 'value' && !value.isTimed) {
    return { status: 'ok', output: evaluate(name, value, frame) }
  }
  return performRecorded(step, frame, context, isHandled)
}

async function performRecorded(
  step: CompiledStep,
  frame: RunFrame,
  context: JourneyContext,
  isHandled: boolean,
): Promise<void> {
  const { name } = step
  try {
    frame.steps[name] = await record(step, frame, context)
  } catch (error) {
    if (!isHandled || !(error instanceof StepFailedError)) throw error
    frame.steps[name] = { status: 'failed', output: undefined }
  }
}

async function record(
  step: CompiledStep,
  frame: RunFrame,
  context: JourneyContext,
): Promise<StepState> {
  const { name, kind, value, journeyOptions, eventType } = step
  const given = (): unknown => evaluate(name, value, frame)
  const done = (output: unknown): StepState => ({ status: 'ok', output: output ?? null })
  switch (kind) {
    case 'use': {
      const act = (): unknown => callAction(context.connections, step, given())
      return done(await context.step(name, act, journeyOptions))
    }
    case 'value':
      return done(await context.step(name, given, journeyOptions))
    case 'sleep':
      await context.sleep(name, durationOf(step.sleep))
      return done(null)
    case 'emit':
      return done(await context.emit(name, eventType ?? '', given() as JsonObject))
    case 'tag':
      await context.tag(name, String(given()))
      return done(null)
    case 'call_later': {
      const called = await context.callLater(name, given() as CallLaterOptions)
      return { status: called.status, output: called }
    }
    case 'wait_for':
      return await waitFor(step, frame, context)
    case 'human':
      return await ask(step, frame, context)
  }
}

async function waitFor(
  { name, match, value, within, eventType }: CompiledStep,
  frame: RunFrame,
  context: JourneyContext,
): Promise<StepState> {
  const { variables } = frame
  const isOne = (event: JsonObject): boolean =>
    holds(match, { ...frame, variables: { ...variables, event } })
  const payload = await context.waitFor(name, eventType ?? '', {
    where: evaluate(name, value, frame) as JsonObject,
    within: durationOf(within),
    ...(match === null ? {} : { match: isOne }),
  })
  if (payload === null) return { status: 'expired', output: undefined }
  return { status: 'received', output: { event: payload } }
}

async function ask(
  { name, value, handoff, notice }: CompiledStep,
  frame: RunFrame,
  context: JourneyContext,
): Promise<StepState> {
  if (handoff === null) throw new WorkflowError(`Step "${name}" asks nothing`)
  const title = evaluate(name, value, frame)
  const result = await context.human(name, {
    title: typeof title === 'string' ? title : JSON.stringify(title),
    form: handoff.form,
    within: durationOf(handoff.within),
    ...(handoff.assign === null ? {} : { assign: handoff.assign }),
    ...(handoff.notify === null || notice === null
      ? {}
      : { notify: notifier(name, handoff.notify, notice, frame, context) }),
  })
  if (result.status === 'expired') return { status: 'expired', output: undefined }
  const { answer, answered_by, answered_at } = result
  const unset = Object.fromEntries(handoff.optional.map((field) => [field, null]))
  return {
    status: 'answered',
    output: { answer: { ...unset, ...answer }, answered_by, answered_at },
  }
}

function notifier(
  name: string,
  notify: NoticeDraft,
  notice: Value,
  frame: RunFrame,
  context: JourneyContext,
) {
  return (handoff: AskedHandoff): Promise<unknown> => {
    const variables = { ...frame.variables, handoff: { ...handoff } }
    return callAction(context.connections, notify, evaluate(name, notice, { ...frame, variables }))
  }
}

/** What was refused while parsing never comes to run. */
const durationOf = (text: string | null): Duration => (text ?? '0s') as Duration

function evaluate(step: string, value: Value, frame: Frame): unknown {
  try {
    return value.evaluate(frame) ?? null
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    throw new WorkflowError(`Step "${step}": ${error.message}`)
  }
}
