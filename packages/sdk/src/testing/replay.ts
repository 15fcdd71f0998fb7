// A pre-call workflow on a call of the past: what its steps were told then, in virtual time.
//
//   fixture ─▶ request as it was ─▶ workflow over recorded answers ─▶ next to what was answered
//
// Y1. Nothing is asked of any system. What was not recorded is a gap, and never guessed.

import { connectors } from '@bookend/connectors'
import type { Json, JsonObject, Outcome, PreCallStatus } from '@bookend/contract'
import { type PreCallRun, type PreCallWorkflow, type Routing, runPreCall } from '@bookend/core'
import { FakeError } from './fake.ts'
import { type Fixture, readRecorded } from './fixture.ts'
import type { CalendarsUnderTest, WorkflowSource } from './load-workflow.ts'
import { loadWorkflow } from './load-workflow.ts'
import { type Gap, RecordedAnswers } from './recorded-answers.ts'
import type { RecordedPreCall } from './recorded-pre-call.ts'
import { virtualClock } from './virtual-clock.ts'

interface Answered {
  readonly status: PreCallStatus
  /** Those that the workflow declares. */
  readonly parameters: JsonObject
  readonly outcome: Outcome
}

export interface Replayed {
  readonly was: Answered
  readonly now: Answered
  /** Steps whose answers of then are none to what is asked now, so that `now` is not certain. */
  readonly gaps: readonly Gap[]
  readonly run: PreCallRun
}

export interface ReplayOptions {
  /** What `business_hours` of a YAML workflow knows. */
  readonly calendars?: CalendarsUnderTest
}

/**
 * Answers a recorded call once more.
 *
 * @throws {FakeError} The fixture holds a call alone, or one that another workflow answered.
 */
export async function replay(
  source: WorkflowSource<PreCallWorkflow>,
  fixture: URL | string | Fixture,
  { calendars }: ReplayOptions = {},
): Promise<Replayed> {
  const isRead = typeof fixture === 'object' && !(fixture instanceof URL)
  const { recorded } = isRead ? fixture : await readRecorded(fixture)
  const kept = recorded?.preCall ?? null
  if (kept === null) {
    throw new FakeError('The fixture does not say how its call was answered; see bookend pull')
  }
  const clock = virtualClock(new Date(kept.request.call.timestamp))
  const workflow = await loadWorkflow('pre-call', source, { now: () => clock.now(), calendars })
  if (workflow.name !== kept.workflow) {
    throw new FakeError(`"${kept.workflow}" answered this call, and not "${workflow.name}"`)
  }
  const isFile = typeof source === 'string' || source instanceof URL
  const answers = new RecordedAnswers({
    steps: kept.steps,
    forms: { was: kept.form, now: isFile ? 'yaml' : 'typescript' },
    clock,
    find: findConnector,
  })
  let run: PreCallRun | null = null
  const running = runPreCall(workflow, {
    request: kept.request,
    clock,
    budgetMs: kept.budget_ms,
    connections: answers.handlesFor(workflow.connections),
    enter: (step, work) => answers.enter(step, work),
  }).then((value) => (run = value))
  await clock.passUntil(() => run !== null)
  const result = await running
  return {
    was: answeredThen(workflow, kept),
    now: answeredNow(workflow, result, kept),
    gaps: answers.gaps,
    run: result,
  }
}

function findConnector(connection: string) {
  const [id = ''] = connection.split('/')
  const catalog: Readonly<Record<string, (typeof connectors)[keyof typeof connectors]>> = connectors
  const connector = Object.hasOwn(catalog, id) ? catalog[id] : undefined
  return connector === undefined ? undefined : { connector }
}

const answeredThen = (workflow: PreCallWorkflow, kept: RecordedPreCall): Answered => ({
  status: kept.status,
  parameters: declaredOf(workflow, kept.parameters),
  outcome: kept.outcome,
})

/** What a route was refused for is known to the server alone, so one that went on then goes on. */
const answeredNow = (
  workflow: PreCallWorkflow,
  { status, parameters, routing, missing }: PreCallRun,
  { request }: RecordedPreCall,
): Answered => ({
  status: status === 'answered' && missing.length > 0 ? 'partial' : status,
  parameters: declaredOf(workflow, parameters),
  outcome: outcomeOf(routing, request.agent.id),
})

function outcomeOf({ agent_id: id, transfer, reject, say }: Routing, answeringId: string): Outcome {
  if (id !== undefined && id !== answeringId) return { type: 'route', agent_id: id }
  if (transfer !== undefined) return { type: 'transfer', ...transfer }
  if (reject !== undefined) return { type: 'reject', ...reject }
  return say === undefined ? { type: 'continue' } : { type: 'say', text: say }
}

const declaredOf = (
  { parameters }: PreCallWorkflow,
  values: Readonly<Record<string, Json>>,
): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(parameters, name)))
