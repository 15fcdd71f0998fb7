// A voice platform asks what its agent should know before its first word.
//
//   question ─▶ asked a moment ago? ─▶ that answer again
//                  │ no
//                  ▼
//   agent ─▶ workflow, inside the budget ─▶ merge ─▶ outcome ─▶ rendered as the platform wants it
//         ─▶ spool ─▶ answer
//
// P1. Who is verified is answered, inside the platform's budget, whatever the workflow does.
// P2. Nothing is waited for in the database; the run is kept before its answer leaves.
// P5. A target is one of ours (B5): an agent here is named as the platform names it, or not at all.

import type { Attestation, JsonObject, PreCallRequest } from '@bookend/contract'
import { cleanContext, createId, holdsSuspectText } from '@bookend/core'
import {
  replyText,
  type AdapterReply,
  type NeutralOutcome,
  type NeutralPreCallRequest,
  type PlatformConnection,
} from '@bookend/platforms'
import type { AnswerParts } from '../precall/answer-call.ts'
import { askWorkflow, type Asked } from '../precall/ask-workflow.ts'
import type { PreCallRunRow, RunRecord } from '../precall/call-record.ts'
import { recordSteps } from '../precall/record-steps.ts'
import { tellAgent, type Told } from '../precall/tell-agent.ts'
import type { Log } from '../log.ts'
import type { AgentInMemory } from '../snapshot.ts'
import type { LivePlatform } from './live-platforms.ts'
import { pickAgent, theirAgentId } from './pick-agent.ts'
import type { PlatformMemo } from './platform-memo.ts'
import type { PlatformRun } from './platform-run.ts'

export interface PlatformReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface AnswerPlatformParts extends Omit<AnswerParts, 'keep' | 'takeNumber'> {
  readonly memo: PlatformMemo<PlatformReply>
  readonly keepRun: (record: RunRecord) => void
  /** Where Bookend itself speaks: what its agent was told for the call of this run. */
  readonly onTold?: (runId: string, told: Told) => void
  readonly log: Log
}

export interface PlatformQuestion {
  readonly live: LivePlatform
  readonly connection: PlatformConnection
  readonly request: NeutralPreCallRequest
  readonly receivedAtMs: number
}

/** Never rejects (P1). */
export function answerPlatform(
  parts: AnswerPlatformParts,
  question: PlatformQuestion,
): { readonly answer: Promise<PlatformReply>; readonly isRepeat: boolean } {
  const { live, request } = question
  const { call } = request
  const ours = call.direction === 'inbound' ? call.to_number : call.from_number
  const agent = pickAgent(parts.snapshot, live.row, request.agent, ours)
  const memoised = {
    connectionId: live.row.id,
    workflow: agent?.settings.pre_call_webhook_url ?? '',
    memoKey: request.memo_key,
    windowMs: request.memo_window_ms,
    from: call.from_number,
    to: call.to_number,
  }
  return parts.memo.once(memoised, () =>
    answerOnce(parts, question, agent).catch((err: unknown) => {
      parts.log.error({ err, platform: live.label }, 'a platform is answered with nothing')
      return replyOf(unprepared(parts, question))
    }),
  )
}

async function answerOnce(
  parts: AnswerPlatformParts,
  question: PlatformQuestion,
  agent: AgentInMemory | undefined,
): Promise<PlatformReply> {
  const { live, connection, request, receivedAtMs } = question
  if (agent === undefined) {
    const fields = { platform: live.label, agent: request.agent.id }
    parts.log.warn(fields, 'a platform asks for an agent that stands for none here')
    return replyOf(unprepared(parts, question))
  }
  const { snapshot, clock } = parts
  const leftMs = connection.budgetMs - (clock.monotonicMs() - receivedAtMs)
  const asked = await ask(parts, agent, requestOf(request, agent), Math.max(0, leftMs))
  const told = tellAgent(snapshot, {}, agent, asked)
  if (told.undeclared > 0) parts.onUndeclared?.(told.undeclared)
  const runId = createId(clock.now())
  const reply = connection.writePreCall(
    {
      run_id: runId,
      outcome: outcomeOf(live, connection, told),
      parameters: told.parameters as JsonObject,
      ...(asked?.routing.first_message === undefined
        ? {}
        : { greeting: told.firstMessage ?? undefined }),
    },
    request,
  )
  if (connection.relay !== null) parts.onTold?.(runId, told)
  if (asked !== null) keepRun(parts, question, { runId, agent, asked, told, reply })
  return replyOf(reply)
}

/** Null: the agent asks no workflow, and is told what it is always told. */
async function ask(
  parts: AnswerPlatformParts,
  agent: AgentInMemory,
  request: PreCallRequest,
  budgetMs: number,
): Promise<Asked | null> {
  const { pre_call_webhook_enabled: isEnabled, pre_call_webhook_url: url } = agent.settings
  if (!isEnabled || url === null) return null
  const secret = parts.snapshot.findWorkspace(agent.workspace_id)?.signingSecret ?? null
  return await askWorkflow(parts, agent, request, budgetMs, secret)
}

function requestOf(request: NeutralPreCallRequest, agent: AgentInMemory): PreCallRequest {
  const { call, context } = request
  const facts = cleanContext(context)
  return {
    call: {
      // Whoever hides a number is named by the word their carrier sent, as at the neutral door.
      from_number: call.from_number ?? context['from_raw'] ?? '',
      to_number: call.to_number ?? context['to_raw'] ?? '',
      direction: call.direction,
      timestamp: call.timestamp,
      attestation: attestationOf(call.caller_verified),
      ...(facts === undefined ? {} : { context: facts }),
    },
    agent: { id: agent.id, name: agent.name },
  }
}

const attestationOf = (isVerified: boolean | null): Attestation | null =>
  isVerified === null ? null : isVerified ? 'A' : 'none'

/** An agent that the platform does not have is said as it is: the adapter tells what became of it. */
function outcomeOf(
  { row }: LivePlatform,
  { relay }: PlatformConnection,
  { outcome }: Told,
): NeutralOutcome {
  if (outcome.type !== 'route') return outcome
  // Bookend speaks for each of its agents, by their own names.
  const theirs = theirAgentId(row, outcome.agent_id) ?? (relay === null ? null : outcome.agent_id)
  return theirs === null ? { type: 'continue' } : { type: 'route', agent_id: theirs }
}

const unprepared = (
  { clock }: Pick<AnswerPlatformParts, 'clock'>,
  { connection, request }: PlatformQuestion,
): AdapterReply =>
  connection.writePreCall(
    { run_id: createId(clock.now()), outcome: { type: 'continue' }, parameters: {} },
    request,
  )

export const replyOf = (reply: AdapterReply): PlatformReply => ({
  status: reply.status,
  headers: reply.headers,
  text: replyText(reply),
})

interface Made {
  readonly runId: string
  readonly agent: AgentInMemory
  readonly asked: Asked
  readonly told: Told
  readonly reply: AdapterReply
}

function keepRun(
  parts: AnswerPlatformParts,
  { live, connection, request, receivedAtMs }: PlatformQuestion,
  { runId, agent, asked, told, reply }: Made,
): void {
  const { clock } = parts
  const durationMs = clock.monotonicMs() - receivedAtMs
  const finishedAt = clock.now()
  const isPartial = asked.status === 'answered' && told.missing.length > 0
  const { workspace_id: workspaceId } = live.row
  const run: PreCallRunRow = {
    workspace_id: workspaceId,
    id: runId,
    kind: 'pre-call',
    workflow: asked.workflow,
    version: asked.version,
    status: isPartial ? 'partial' : asked.status,
    call_id: null,
    agent_id: agent.id,
    input: requestOf(request, agent),
    repeat_of: null,
    platform: platformRunOf(live, request, told, reply, finishedAt),
    started_at: new Date(finishedAt.getTime() - durationMs).toISOString(),
    finished_at: finishedAt.toISOString(),
    duration_ms: durationMs,
    deadline_ms: connection.budgetMs,
    budget_ms: connection.budgetMs,
    outcome: told.outcome,
    parameters: told.parameters as JsonObject,
    missing: told.missing,
    failure: asked.failure,
    error: asked.error,
  }
  const steps = recordSteps(workspaceId, runId, asked.steps)
  const record: RunRecord = { call: null, run, steps, startedEventId: null }
  parts.keepRun(record)
  parts.afterAnswers?.start(record, asked)
}

/** For people to look at, who may find out who writes it: what defends is elsewhere (B6). */
const SUSPECT = 'something that came from outside reads like an order to the agent'

function platformRunOf(
  live: LivePlatform,
  { call, context }: NeutralPreCallRequest,
  { outcome, isSuspect }: Told,
  reply: AdapterReply,
  answeredAt: Date,
): PlatformRun {
  const isOurs = live.connection?.relay !== null && live.connection?.relay !== undefined
  const isRoute = outcome.type === 'route'
  const isLost = isRoute && !isOurs && theirAgentId(live.row, outcome.agent_id) === null
  const reason = 'the connection names no agent of the platform for this one'
  return {
    connection_id: live.row.id,
    connection: live.label,
    ids: [...new Set([call.provider_call_id, ...call.aliases])].filter((id) => id !== null),
    from_number: call.from_number,
    to_number: call.to_number,
    answered_at: answeredAt.toISOString(),
    degraded: isLost ? { wanted: 'route', sent: 'continue', reason } : reply.degraded,
    dropped_parameters: reply.dropped_parameters,
    warnings:
      isSuspect || holdsSuspectText(context) ? [...reply.warnings, SUSPECT] : reply.warnings,
    linked_by: null,
  }
}
