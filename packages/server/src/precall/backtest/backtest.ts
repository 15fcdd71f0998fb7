// A pre-call workflow over calls of the past: then next to now.
//
//   recorded run ─▶ request as it was ─▶ workflow, over recorded answers in virtual time ─▶ compared
//                                    └▶ live: over its connections, in real time
//
// K1. Nothing is stored and nothing is written. Without `live` nothing is asked of any system either.
// K2. One call after the other, the loop let go in between: a backtest delays nobody's answer by more
//     than one run of the workflow's own code.
// K3. What cannot be known is said as a gap, and not counted as a difference.

import type { Backtest, BacktestAnswer, BacktestedCall, PreCallRequest } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import { mergeParameters } from '@bookend/core'
import { type Gap, RecordedAnswers } from '@bookend/sdk/testing/recorded-answers'
import { virtualClock } from '@bookend/sdk/testing/virtual-clock'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ConnectionRuntime } from '../../connections/runtime.ts'
import type { AgentInMemory, Snapshot } from '../../snapshot.ts'
import type { RecordedRun } from '../../store/postgres/recorded-runs.ts'
import type { LoadedPreCall } from '../../workflows/registry.ts'
import { type Asked, runHosted } from '../ask-workflow.ts'
import { decideOutcome } from '../decide-outcome.ts'
import { renderSteps } from '../record-steps.ts'
import { tellAgent } from '../tell-agent.ts'
import { compareAnswers } from './compare-answers.ts'

export interface BacktestParts {
  readonly snapshot: Snapshot
  readonly connections: ConnectionRuntime
  readonly clock: Clock
}

export interface BacktestIn {
  readonly workspaceId: string
  readonly workflow: LoadedPreCall
  readonly runs: readonly RecordedRun[]
  readonly live: boolean
  /** Tells of the steps as well. */
  readonly withSteps?: boolean
  /** Stops before the next call. */
  readonly signal?: AbortSignal
}

const BUDGET_MS = 4_500

export async function backtest(
  parts: BacktestParts,
  { workspaceId, workflow, runs, live, withSteps = false, signal }: BacktestIn,
): Promise<Backtest['calls']> {
  const calls: BacktestedCall[] = []
  for (const run of runs) {
    if (signal?.aborted === true) break
    const request = requestOf(parts, workspaceId, run)
    const asking = live ? askLive : askRecorded
    const { asked, durationMs, gaps } = await asking(parts, workflow, run, request, workspaceId)
    const now = answerNow(parts, workspaceId, workflow, run, asked, durationMs)
    const was = answerThen(workflow, run)
    const budgetMs = run.budget_ms ?? BUDGET_MS
    calls.push({
      run_id: run.id,
      call_id: run.call_id,
      from_number: request.call.from_number,
      started_at: run.started_at.toISOString(),
      version: run.version,
      budget_ms: budgetMs,
      was,
      now,
      ...compareAnswers(was, now, budgetMs),
      gaps: [...gaps],
      ...(withSteps && { steps: renderSteps(workspaceId, run.id, asked.steps) }),
    })
    await nextTurn()
  }
  return calls
}

/** The agent of the number, where the call was routed on to another one. */
function agentOf(
  { snapshot }: BacktestParts,
  workspaceId: string,
  { call, agent_id: agentId, outcome }: RecordedRun,
): AgentInMemory | undefined {
  const routedFrom =
    outcome.type === 'route' && call !== null
      ? snapshot.agentIdOfNumber(workspaceId, call.to_number)
      : null
  const id = routedFrom ?? agentId
  return id === null ? undefined : snapshot.findAgent(workspaceId, id)
}

function requestOf(parts: BacktestParts, workspaceId: string, run: RecordedRun): PreCallRequest {
  if (run.input !== null) return run.input
  const agent = agentOf(parts, workspaceId, run)
  return {
    call: {
      from_number: run.call?.from_number ?? '',
      to_number: run.call?.to_number ?? '',
      direction: run.call?.direction ?? 'inbound',
      timestamp: run.started_at.toISOString(),
      ...(run.call_id === null ? {} : { id: run.call_id }),
      attestation: run.call?.attestation ?? null,
    },
    agent: { id: agent?.id ?? run.agent_id ?? '', name: agent?.name ?? '' },
  }
}

interface AskedAgain {
  readonly asked: Asked
  readonly durationMs: number
  readonly gaps: readonly Gap[]
}

async function askRecorded(
  { connections }: BacktestParts,
  workflow: LoadedPreCall,
  { steps, form, budget_ms: budgetMs }: RecordedRun,
  request: PreCallRequest,
): Promise<AskedAgain> {
  const clock = virtualClock(new Date(request.call.timestamp))
  const answers = new RecordedAnswers({
    steps,
    clock,
    find: (name) => connections.find(name),
    forms: { was: form, now: workflow.form },
  })
  let asked: Asked | null = null
  const asking = runHosted(
    { connections: answers, clock },
    workflow,
    request,
    budgetMs ?? BUDGET_MS,
    null,
  ).then((value) => (asked = value))
  await clock.passUntil(() => asked !== null)
  const durationMs = clock.monotonicMs()
  return { asked: await asking, durationMs, gaps: answers.gaps }
}

async function askLive(
  { connections, clock }: BacktestParts,
  workflow: LoadedPreCall,
  { budget_ms: budgetMs }: RecordedRun,
  request: PreCallRequest,
  workspaceId: string,
): Promise<AskedAgain> {
  const { name, version } = workflow
  const scope = { workspaceId, workflow: name, version }
  const startedAtMs = clock.monotonicMs()
  const asked = await runHosted(
    { connections, clock },
    workflow,
    request,
    budgetMs ?? BUDGET_MS,
    scope,
  )
  return { asked, durationMs: clock.monotonicMs() - startedAtMs, gaps: [] }
}

function answerThen({ definition }: LoadedPreCall, run: RecordedRun): BacktestAnswer {
  return {
    status: run.status,
    parameters: declaredOf(definition, run.parameters ?? {}),
    outcome: run.outcome,
    missing: [...run.missing],
    duration_ms: run.duration_ms ?? 0,
    error: run.error,
  }
}

function answerNow(
  parts: BacktestParts,
  workspaceId: string,
  { definition }: LoadedPreCall,
  run: RecordedRun,
  asked: Asked,
  durationMs: number,
): BacktestAnswer {
  const { snapshot } = parts
  const agent = agentOf(parts, workspaceId, run)
  const declared = new Set(Object.keys(definition.parameters))
  // What the call is recorded with came from the workflow as well; the rest the call brought along.
  const brought = Object.fromEntries(
    Object.entries(run.call?.params ?? {}).filter(([name]) => !declared.has(name)),
  )
  const told =
    agent === undefined
      ? tellNobody(snapshot, workspaceId, asked)
      : tellAgent(snapshot, brought, agent, asked)
  const isPartial = asked.status === 'answered' && told.missing.length > 0
  return {
    status: isPartial ? 'partial' : asked.status,
    parameters: declaredOf(definition, told.parameters),
    outcome: told.outcome,
    missing: [...told.missing],
    duration_ms: durationMs,
    error: asked.error,
  }
}

function tellNobody(snapshot: Snapshot, workspaceId: string, asked: Asked) {
  const { outcome, missing: refused } = decideOutcome(asked.routing, '', {
    hasAgent: (id) => snapshot.findAgent(workspaceId, id) !== undefined,
    hasNumber: (number) => snapshot.agentIdOfNumber(workspaceId, number) !== undefined,
  })
  const { parameters, missing } = mergeParameters([asked.parameters])
  return { outcome, parameters, missing: [...asked.missing, ...refused, ...missing] }
}

const declaredOf = (
  { parameters }: LoadedPreCall['definition'],
  values: BacktestAnswer['parameters'],
): BacktestAnswer['parameters'] =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(parameters, name)))
