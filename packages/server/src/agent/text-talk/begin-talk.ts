// A call in writing begins: asked what any call is asked, and told what any agent is told.

import { CallComplete, type AgentTalk, type InboundAnswer } from '@bookend/contract'
import { announce } from '../../events/accept-event.ts'
import type { CallReport, ReportCall } from '../../events/call-reports.ts'
import type { Changes } from '../../changes/changes.ts'
import { notFound } from '../../http/problem.ts'
import { answerCall, type AnswerParts } from '../../precall/answer-call.ts'
import { TALK_PLATFORM } from './text-talk.ts'

export interface BeginParts {
  readonly answerParts: AnswerParts
  readonly report: ReportCall
  /** Resolves once the call is stored. */
  readonly recorded: (callId: string) => Promise<void>
  readonly changes: Pick<Changes, 'publish'>
}

interface Begin {
  readonly workspaceId: string
  readonly agentId: string
  readonly body: AgentTalk
  readonly receivedAtMs: number
}

/** @throws {ProblemError} There is no such agent. */
export async function beginTalk(parts: BeginParts, begin: Begin): Promise<InboundAnswer> {
  const { snapshot, clock } = parts.answerParts
  const { workspaceId, agentId, body, receivedAtMs } = begin
  const agent = snapshot.findAgent(workspaceId, agentId.toLowerCase())
  if (agent === undefined) throw notFound('agent')
  const answer = await answerCall(parts.answerParts, {
    workspaceId,
    receivedAtMs,
    made: { agent, direction: 'inbound', platform: TALK_PLATFORM },
    body: {
      ...body,
      to_number: body.to_number ?? snapshot.numberOfAgent(workspaceId, agent.id) ?? '',
      attestation: null,
    },
  })
  const callId = answer.call.uuid
  await parts.recorded(callId)
  const words = firstWords(answer)
  const timestamp = clock.now().toISOString()
  const entry = { sequence: 1, role: 'agent', timestamp, final: true } as const
  const reports: CallReport[] = []
  if (words !== null) {
    const entries = [{ ...entry, text: words, function_name: null, arguments: null }]
    reports.push({ kind: 'transcript', workspaceId, callId, entries })
  }
  const { type } = answer.outcome
  if (type === 'say' || type === 'transfer') {
    const complete = CallComplete.parse({ ended_reason: type, transferred: type === 'transfer' })
    reports.push({ kind: 'complete', workspaceId, callId, body: complete })
  }
  for (const report of reports) {
    const reported = await parts.report(report)
    const accepted = reported?.accepted ?? null
    if (accepted !== null) announce(parts.changes, accepted)
  }
  return answer
}

/** What the caller reads before anything is said; null: the caller begins, or the model. */
function firstWords({ outcome, agent, call }: InboundAnswer): string | null {
  switch (outcome.type) {
    case 'say':
      return outcome.text
    case 'transfer':
      return outcome.message ?? null
    case 'reject':
      return null
    case 'continue':
    case 'route':
      return call.agent_speaks_first ? agent.first_message || null : null
  }
}
