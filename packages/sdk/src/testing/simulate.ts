// A pre-call workflow under test: the runtime that answers callers, in virtual time.
//
// A hung step of nine seconds costs a test milliseconds: whenever everything waits, time goes on to
// the next thing that happens. Code that waits for the real world (a socket, a file) is overtaken.

import type { PreCallRequest, JsonObject } from '@bookend/contract'
import type { AfterRun, Duration, PreCallRun, PreCallWorkflow, StepRecord } from '@bookend/core'
import { parseDuration, runAfter, runPreCall } from '@bookend/core'
import type { Fakes } from './fake.ts'
import { after, FakeError, fail, hang } from './fake.ts'
import { type Effected, fakeConnections } from './fake-connections.ts'
import type { CalendarsUnderTest, WorkflowSource } from './load-workflow.ts'
import { loadWorkflow } from './load-workflow.ts'
import { virtualClock } from './virtual-clock.ts'

export interface SimulateOptions {
  /** How long the door leaves the workflow, `4.5s` if left out. */
  readonly budget?: Duration
  readonly agent?: PreCallRequest['agent']
  /** What `business_hours` of a YAML workflow knows. */
  readonly calendars?: CalendarsUnderTest
}

export interface Simulated extends PreCallRun {
  /** What was done once the answer had left, and what it would have written. */
  readonly after: AfterRun & { readonly effects: readonly Effected[] }
  /** @throws {FakeError} The run has no step of that name. */
  step(name: string): StepRecord
}

/** The call that comes in; what is left out is an everyday inbound one. */
export type CallUnderTest = Partial<PreCallRequest['call']>

const BUDGET_MS = 4_500
const CALL: PreCallRequest['call'] = {
  from_number: '+15550100001',
  to_number: '+15550100900',
  direction: 'inbound',
  timestamp: '2026-03-02T15:04:05.000Z',
}
const AGENT = { id: '00000000-0000-7000-8000-000000000001', name: 'Agent under test' }

async function run(
  source: WorkflowSource<PreCallWorkflow>,
  call: CallUnderTest = {},
  fakes: Fakes = {},
  { budget, agent = AGENT, calendars }: SimulateOptions = {},
): Promise<Simulated> {
  const request = { call: { ...CALL, ...call }, agent }
  const clock = virtualClock(new Date(request.call.timestamp))
  const now = (): Date => clock.now()
  const workflow = await loadWorkflow('pre-call', source, { now, calendars })
  const { connections } = workflow
  const faked = fakeConnections({ connections, fakes, clock, mode: 'reads' })
  const startedAtMs = clock.monotonicMs()
  let answered: PreCallRun | null = null
  const running = runPreCall(workflow, {
    request,
    clock,
    budgetMs: budget === undefined ? BUDGET_MS : parseDuration(budget),
    connections: faked.handles,
    enter: (step, work) => faked.enter(step, work),
  }).then((value) => (answered = value))
  await clock.passUntil(() => answered !== null)
  const result = await running
  faked.check()
  const follow = fakeConnections({ connections, fakes, clock, mode: 'all' })
  let followed: AfterRun | null = null
  const following = runAfter(workflow, {
    request,
    parameters: result.parameters as JsonObject,
    clock,
    startedAtMs,
    taken: result.steps.map(({ name }) => name),
    connections: follow.handles,
    enter: (step, work) => follow.enter(step, work),
  }).then((value) => (followed = value))
  await clock.passUntil(() => followed !== null)
  const after = await following
  follow.check()
  return {
    ...result,
    after: { ...after, effects: follow.effects },
    step: (name) => getStep([...result.steps, ...after.steps], name),
  }
}

export function getStep<S extends { readonly name: string }>(steps: readonly S[], name: string): S {
  const found = steps.find((step) => step.name === name)
  if (found !== undefined) return found
  const names = steps.map((step) => step.name).join(', ')
  throw new FakeError(`There was no step "${name}"; there were: ${names || 'none'}`)
}

/**
 * Runs a pre-call workflow, or the YAML file of one, on a made-up call, with fakes for its connections,
 * in virtual time.
 *
 * @throws {FakeError} A fake is missing, or is what its connector could never be.
 */
export const simulate = Object.assign(run, { after, fail, hang })
