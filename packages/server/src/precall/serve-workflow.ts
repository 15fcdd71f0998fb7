// A workflow of ours, asked by others: the pre-call exchange the other way round (contract §5).
//
//   bytes ─▶ request ─▶ asked a moment ago? ─▶ that answer again, marked
//                          │ no
//                          ▼
//             workflow, inside the budget ─▶ caps ─▶ outcome ─▶ spool ─▶ answer
//
// P1. Whoever may ask gets an answer, inside the budget, whatever they sent and the workflow does.
// P2. Nothing is waited for in the database; the run is kept before its answer leaves.

import type {
  JsonObject,
  Missing,
  Outcome,
  PreCallAnswer,
  PreCallFailure,
  PreCallRequest,
} from '@bookend/contract'
import type { Clock } from '@bookend/core'
import { cleanText, createId, mergeParameters } from '@bookend/core'
import type { Snapshot } from '../snapshot.ts'
import type { AfterAnswers } from './after-answers.ts'
import type { Asked, AskParts } from './ask-workflow.ts'
import { askHosted } from './ask-workflow.ts'
import { budgetWithin } from './budget.ts'
import type { PreCallRunRow, RunRecord } from './call-record.ts'
import { decideOutcome } from './decide-outcome.ts'
import { recordSteps } from './record-steps.ts'
import { readRequest } from './read-request.ts'
import type { RepeatMemo } from './repeat-memo.ts'

/** What a platform waits, when neither it nor the workflow says otherwise. */
const DEADLINE_MS = 5_000

export interface ServeParts extends AskParts {
  readonly snapshot: Snapshot
  readonly memo: RepeatMemo<Made>
  readonly keep: (record: RunRecord) => void
  /** Absent: nothing is done after an answer. */
  readonly afterAnswers?: Pick<AfterAnswers, 'start'>
}

export interface ServedRequest {
  readonly workspaceId: string
  readonly workflow: string
  readonly body: ReadBody
  readonly receivedAtMs: number
  readonly patience: Patience
}

export type ReadBody =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly failure: PreCallFailure; readonly error: string }

export interface Served {
  readonly answer: PreCallAnswer
  readonly isRepeat: boolean
}

/** An answer, and what is recorded of how it came about. */
export interface Made {
  readonly answer: PreCallAnswer
  readonly asked: Asked
  readonly outcome: Outcome
  readonly runId: string
}

export interface Patience {
  readonly deadlineMs: number
  readonly budgetMs: number
}

/** @param askedForMs What the request itself says it waits. */
export function patienceFor(
  { registry, lateMs }: Pick<AskParts, 'registry' | 'lateMs'>,
  workflow: string,
  askedForMs: number | null,
): Patience {
  const ownMs = registry.preCall(workflow)?.definition.budgetMs ?? null
  const within = (deadlineMs: number): number => budgetWithin(deadlineMs, lateMs())
  if (askedForMs === null) {
    return ownMs === null
      ? { deadlineMs: DEADLINE_MS, budgetMs: within(DEADLINE_MS) }
      : { deadlineMs: Math.max(ownMs, DEADLINE_MS), budgetMs: ownMs }
  }
  const budgetMs = Math.min(within(askedForMs), ownMs ?? within(DEADLINE_MS))
  return { deadlineMs: askedForMs, budgetMs }
}

export async function serveWorkflow(parts: ServeParts, served: ServedRequest): Promise<Served> {
  const { clock, memo } = parts
  const { workspaceId, workflow, body } = served
  const read = body.kind === 'read' ? readRequest(body.bytes, clock.now()) : body
  if ('error' in read) {
    const made = make(clock, null, refuse(parts, workflow, read.failure, read.error))
    keepRun(parts, served, made, null, null)
    return { answer: made.answer, isRepeat: false }
  }
  const { request } = read
  const question = { workspaceId, workflow, request }
  const leftMs = served.patience.budgetMs - (clock.monotonicMs() - served.receivedAtMs)
  const before = memo.find(question)
  if (before !== null) return await repeat(parts, served, request, before, leftMs)

  const making = askHosted(parts, workflow, request, Math.max(0, leftMs), workspaceId).then(
    (asked) => make(clock, request, asked),
  )
  memo.remember(question, making)
  const made = await making
  const record = keepRun(parts, served, made, request, null)
  parts.afterAnswers?.start(record, made.asked)
  return { answer: made.answer, isRepeat: false }
}

/** The answer given before, or being worked out; the fallback when that takes too long for this one. */
async function repeat(
  parts: ServeParts,
  served: ServedRequest,
  request: PreCallRequest,
  before: Promise<Made>,
  leftMs: number,
): Promise<Served> {
  const first = await inTime(parts.clock, before, leftMs)
  const made =
    first ??
    make(parts.clock, request, refuse(parts, served.workflow, 'timeout', 'The first still runs'))
  const again: Made = {
    ...made,
    runId: createId(parts.clock.now()),
    asked: { ...made.asked, steps: [] },
  }
  keepRun(parts, served, again, request, first === null ? null : made.runId)
  return { answer: made.answer, isRepeat: first !== null }
}

function inTime<T>(clock: Clock, work: Promise<T>, limitMs: number): Promise<T | null> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(Math.max(0, limitMs), () => resolve(null))
    const end = (value: T | null): void => {
      cancel()
      resolve(value)
    }
    work.then(end, () => end(null))
  })
}

function refuse(
  { registry }: ServeParts,
  workflow: string,
  failure: PreCallFailure,
  error: string,
): Asked {
  const loaded = registry.preCall(workflow)
  const reason = failure === 'timeout' ? 'timed_out' : 'failed'
  return {
    status: 'fallback',
    parameters: { ...loaded?.definition.fallback },
    routing: {},
    missing: Object.keys(loaded?.definition.parameters ?? {}).map((name): Missing => ({
      name,
      reason,
      step: null,
    })),
    failure,
    error,
    workflow,
    version: loaded?.version ?? null,
    steps: [],
  }
}

/** Agents and numbers are those of whoever asks: whether they exist is not known here. */
const anyTarget = { hasAgent: () => true, hasNumber: (number: string) => number !== '' }

function make(clock: Clock, request: PreCallRequest | null, asked: Asked): Made {
  const decision = decideOutcome(asked.routing, request?.agent.id ?? '', anyTarget)
  const merged = mergeParameters([asked.parameters])
  const missing = [...asked.missing, ...decision.missing, ...merged.missing]
  const isPartial = asked.status === 'answered' && missing.length > 0
  const { first_message: greeting } = asked.routing
  const answer: PreCallAnswer = {
    parameters: merged.parameters as JsonObject,
    ...fieldsOf(decision.outcome),
    ...(greeting === undefined ? {} : { first_message: cleanText(greeting) }),
  }
  const status = isPartial ? 'partial' : asked.status
  return {
    answer,
    asked: { ...asked, status, missing },
    outcome: decision.outcome,
    runId: createId(clock.now()),
  }
}

function fieldsOf(outcome: Outcome): Omit<PreCallAnswer, 'parameters'> {
  switch (outcome.type) {
    case 'continue':
      return {}
    case 'route':
      return { agent_id: outcome.agent_id }
    case 'transfer': {
      const { type: _, ...transfer } = outcome
      return { transfer }
    }
    case 'reject': {
      const { type: _, ...reject } = outcome
      return { reject }
    }
    case 'say':
      return { say: outcome.text }
  }
}

function keepRun(
  { clock, snapshot, keep }: ServeParts,
  { workspaceId, receivedAtMs, patience }: ServedRequest,
  { asked, answer, outcome, runId }: Made,
  request: PreCallRequest | null,
  repeatOf: string | null,
): RunRecord {
  const durationMs = clock.monotonicMs() - receivedAtMs
  const finishedAt = clock.now()
  const agentId = request?.agent.id ?? ''
  const run: PreCallRunRow = {
    workspace_id: workspaceId,
    id: runId,
    kind: 'pre-call',
    workflow: asked.workflow,
    version: asked.version,
    status: asked.status,
    call_id: null,
    agent_id: snapshot.findAgent(workspaceId, agentId) === undefined ? null : agentId,
    input: request,
    repeat_of: repeatOf,
    platform: null,
    started_at: new Date(finishedAt.getTime() - durationMs).toISOString(),
    finished_at: finishedAt.toISOString(),
    duration_ms: durationMs,
    deadline_ms: patience.deadlineMs,
    budget_ms: patience.budgetMs,
    outcome,
    parameters: answer.parameters,
    missing: asked.missing,
    failure: asked.failure,
    error: asked.error,
  }
  const steps = recordSteps(workspaceId, runId, asked.steps)
  const record: RunRecord = { call: null, run, steps, startedEventId: null }
  keep(record)
  return record
}
