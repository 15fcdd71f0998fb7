// The neutral door: a call comes in, and is told how to be answered.
//
//   number ─▶ agent ─▶ workflow, inside the budget ─▶ merge ─▶ outcome ─▶ render ─▶ spool ─▶ answer
//
// P1. There is always an answer, inside the agent's time-out, whatever the workflow does.
// P2. Nothing is waited for in the database.
// P4. The budget is the agent's time-out less a reserve, which grows with how late the loop is.

import type {
  Direction,
  InboundAnswer,
  InboundCall,
  JsonObject,
  PreCallRequest,
  PreCallSummary,
} from '@bookend/contract'
import type { Clock } from '@bookend/core'
import { createId, normaliseNumber, statusAfter } from '@bookend/core'
import { ProblemError } from '../http/problem.ts'
import type { AgentInMemory, Snapshot } from '../snapshot.ts'
import type { CallAgent, CallRow } from '../store/postgres/call-row.ts'
import { renderCall } from '../store/postgres/call-row.ts'
import { createEventId } from '../store/postgres/events.ts'
import type { AfterAnswers } from './after-answers.ts'
import type { Asked, AskParts } from './ask-workflow.ts'
import { askWorkflow } from './ask-workflow.ts'
import { budgetWithin } from './budget.ts'
import type { CallRecord } from './call-record.ts'
import { recordSteps } from './record-steps.ts'
import type { Told } from './tell-agent.ts'
import { tellAgent } from './tell-agent.ts'

export interface AnswerParts extends AskParts {
  readonly snapshot: Snapshot
  readonly clock: Clock
  /** The next integer id; null when none is at hand. */
  readonly takeNumber: () => number | null
  /** Keeps the record safe from a kill of this process, without waiting. */
  readonly keep: (record: CallRecord) => void
  /** How many values an answer held that its agent does not declare (B7). */
  readonly onUndeclared?: (count: number) => void
  /** Absent: nothing is done after an answer. */
  readonly afterAnswers?: Pick<AfterAnswers, 'start'>
}

export interface CallIn {
  readonly workspaceId: string
  readonly body: InboundCall
  readonly receivedAtMs: number
  /** Of a call that does not come in by a number of ours. */
  readonly made?: MadeCall
}

/** A call of ours: its agent is known, whatever its numbers are. */
interface MadeCall {
  readonly agent: AgentInMemory
  readonly direction: Direction
  readonly platform: string
}

/** @throws {ProblemError} The number is unknown, or has no agent. */
export async function answerCall(parts: AnswerParts, call: CallIn): Promise<InboundAnswer> {
  const createdAt = parts.clock.now()
  const { body, made } = call
  const arrived = {
    id: createId(createdAt),
    createdAt,
    toNumber: normaliseNumber(body.to_number),
    fromNumber: normaliseNumber(body.from_number),
  }
  return await answerAs(parts, call, arrived, made?.agent ?? findAgent(parts, call, arrived))
}

function findAgent(parts: AnswerParts, call: CallIn, arrived: Arrived): AgentInMemory {
  const { snapshot } = parts
  const { workspaceId, body } = call
  const { toNumber } = arrived
  const agentId = snapshot.agentIdOfNumber(workspaceId, toNumber ?? body.to_number)
  if (agentId === undefined) {
    throw new ProblemError('unknown_number', 'to_number is not a number of this workspace', [
      { path: 'to_number', message: 'is not a number of this workspace' },
    ])
  }
  const agent = agentId === null ? undefined : snapshot.findAgent(workspaceId, agentId)
  if (agent === undefined) {
    parts.keep(recordUnanswered(parts, call, arrived))
    throw new ProblemError('no_agent_assigned', 'No agent answers this number', [
      { path: 'to_number', message: 'has no agent assigned' },
    ])
  }
  return agent
}

async function answerAs(
  parts: AnswerParts,
  call: CallIn,
  arrived: Arrived,
  agent: AgentInMemory,
): Promise<InboundAnswer> {
  const { snapshot, clock } = parts
  const { body, receivedAtMs } = call
  const deadlineMs = agent.settings.pre_call_webhook_timeout * 1_000
  const budgetMs = budgetWithin(deadlineMs, parts.lateMs())
  const waitedMs = clock.monotonicMs() - receivedAtMs
  const asking = ask(parts, agent, requestOf(call, arrived, agent), budgetMs - waitedMs)
  const asked = asking === null ? null : await asking
  const told = tellAgent(snapshot, body.params, agent, asked)
  if (told.undeclared > 0) parts.onUndeclared?.(told.undeclared)
  const durationMs = clock.monotonicMs() - receivedAtMs
  const record = recordAnswered(parts, {
    call,
    arrived,
    asked,
    told,
    durationMs,
    budgetMs,
    deadlineMs,
  })
  parts.keep(record)
  parts.afterAnswers?.start(record, asked)
  return renderAnswer(record, told.speaker)
}

interface Arrived {
  readonly id: string
  readonly createdAt: Date
  readonly fromNumber: string | null
  readonly toNumber: string | null
}

function requestOf(
  { body, made }: CallIn,
  { id, createdAt }: Arrived,
  agent: AgentInMemory,
): PreCallRequest {
  return {
    call: {
      from_number: body.from_number,
      to_number: body.to_number,
      direction: made?.direction ?? 'inbound',
      timestamp: body.timestamp ?? createdAt.toISOString(),
      id,
      attestation: body.attestation,
    },
    agent: { id: agent.id, name: agent.name },
  }
}

/** Null: the agent asks no workflow. */
function ask(
  parts: AnswerParts,
  agent: AgentInMemory,
  request: PreCallRequest,
  budgetMs: number,
): Promise<Asked> | null {
  const { pre_call_webhook_enabled: isEnabled, pre_call_webhook_url: url } = agent.settings
  if (!isEnabled || url === null) return null
  const secret = parts.snapshot.findWorkspace(agent.workspace_id)?.signingSecret ?? null
  return askWorkflow(parts, agent, request, budgetMs, secret)
}

interface Answered {
  readonly call: CallIn
  readonly arrived: Arrived
  readonly asked: Asked | null
  readonly told: Told
  readonly durationMs: number
  readonly budgetMs: number
  readonly deadlineMs: number
}

function recordAnswered(parts: AnswerParts, answered: Answered): CallRecord {
  const { call, arrived, asked, told, durationMs, budgetMs, deadlineMs } = answered
  const { workspaceId } = call
  const { speaker, outcome, missing } = told
  const parameters: JsonObject = told.parameters
  const runId = asked === null ? null : createId(arrived.createdAt)
  const createdAt = arrived.createdAt.toISOString()
  const isPlaced = call.made?.direction === 'outbound' && outcome.type !== 'reject'
  const isPartial = asked?.status === 'answered' && missing.length > 0
  const status = isPartial ? 'partial' : (asked?.status ?? 'skipped')
  const summary: PreCallSummary = {
    run_id: runId,
    status,
    duration_ms: durationMs,
    budget_ms: budgetMs,
    missing: [...missing],
    failure: asked?.failure ?? null,
  }
  const row = rowOf(parts, call, arrived, {
    status: isPlaced ? 'ringing' : statusAfter(outcome),
    agent_id: speaker.id,
    agent_version: speaker.version,
    agent: agentOf(speaker),
    call_prompt: told.prompt,
    first_message: told.firstMessage,
    params: parameters,
    outcome,
    pre_call: summary,
    flags: flagsOf(call, told),
    started_at: isPlaced || outcome.type === 'reject' ? null : createdAt,
  })
  // Whoever places a call hears from its platform when it starts.
  const startedEventId = isPlaced ? null : createEventId(arrived.createdAt)
  if (asked === null || runId === null) return { call: row, run: null, steps: [], startedEventId }
  return {
    call: row,
    run: {
      workspace_id: workspaceId,
      id: runId,
      kind: 'pre-call',
      workflow: asked.workflow,
      version: asked.version,
      status,
      call_id: arrived.id,
      agent_id: speaker.id,
      input: null,
      repeat_of: null,
      platform: null,
      started_at: createdAt,
      finished_at: new Date(arrived.createdAt.getTime() + durationMs).toISOString(),
      duration_ms: durationMs,
      deadline_ms: deadlineMs,
      budget_ms: budgetMs,
      outcome,
      parameters,
      missing,
      failure: asked.failure,
      error: asked.error,
    },
    steps: recordSteps(workspaceId, runId, asked.steps),
    startedEventId,
  }
}

/** A number that its carrier does not vouch for is a hint (C9); a text may be meant for the agent (B6). */
function flagsOf({ body: { attestation }, made }: CallIn, { isSuspect }: Told): string[] {
  const isOurs = made?.direction === 'outbound'
  const flags = isOurs || attestation === 'A' ? [] : ['low_assurance_caller']
  if (isSuspect) flags.push('suspect_text')
  return flags
}

/** A number without an agent does not answer; the call is known all the same. */
function recordUnanswered(parts: AnswerParts, call: CallIn, arrived: Arrived): CallRecord {
  const row = rowOf(parts, call, arrived, {
    status: 'rejected',
    agent_id: null,
    agent_version: null,
    agent: {
      name: null,
      voice_id: null,
      language: 'en',
      record: false,
      agent_speaks_first: true,
      analyzers: [],
    },
    call_prompt: null,
    first_message: null,
    params: call.body.params,
    outcome: { type: 'reject', reason: 'no_agent_assigned' },
    pre_call: null,
    flags: ['no_agent_assigned'],
    started_at: null,
  })
  return { call: row, run: null, steps: [], startedEventId: null }
}

type Answer = Pick<
  CallRow,
  | 'status'
  | 'agent_id'
  | 'agent_version'
  | 'agent'
  | 'call_prompt'
  | 'first_message'
  | 'params'
  | 'outcome'
  | 'pre_call'
  | 'flags'
  | 'started_at'
>

/** In one literal: an object of so many fields takes six times the memory when a spread begins it. */
function rowOf(
  { takeNumber }: AnswerParts,
  { workspaceId, body, made }: CallIn,
  arrived: Arrived,
  answer: Answer,
): CallRow {
  return {
    workspace_id: workspaceId,
    id: arrived.id,
    number: takeNumber(),
    status: answer.status,
    direction: made?.direction ?? 'inbound',
    platform: made?.platform ?? 'api',
    from_number: body.from_number,
    to_number: body.to_number,
    from_number_e164: arrived.fromNumber,
    to_number_e164: arrived.toNumber,
    attestation: body.attestation,
    agent_id: answer.agent_id,
    agent_version: answer.agent_version,
    agent: answer.agent,
    call_prompt: answer.call_prompt,
    first_message: answer.first_message,
    params: answer.params,
    external_identifiers: body.external_identifiers,
    outcome: answer.outcome,
    pre_call: answer.pre_call,
    flags: answer.flags,
    created_at: arrived.createdAt.toISOString(),
    started_at: answer.started_at,
    ended_at: null,
    duration_s: null,
    ended_reason: null,
    answered_by: null,
    transferred: false,
    recording_url: null,
    summary: null,
    analysis_results: [],
  }
}

const agentOf = ({ name, settings }: AgentInMemory): CallAgent => ({
  name,
  voice_id: settings.voice_id,
  language: settings.language,
  record: settings.record,
  agent_speaks_first: settings.agent_speaks_first,
  analyzers: settings.analyzers,
})

function renderAnswer({ call }: CallRecord, speaker: AgentInMemory): InboundAnswer {
  return {
    call: renderCall(call),
    agent: {
      id: speaker.id,
      name: speaker.name,
      prompt: call.call_prompt ?? '',
      first_message: call.first_message,
      voice_id: speaker.settings.voice_id,
      language: speaker.settings.language,
    },
    parameters: call.params,
    outcome: call.outcome,
    pre_call: call.pre_call ?? {
      run_id: null,
      status: 'skipped',
      duration_ms: 0,
      budget_ms: 0,
      missing: [],
      failure: null,
    },
  }
}
