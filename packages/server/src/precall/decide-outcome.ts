// How a call goes on. A target is taken from what exists in the workspace, never from free text: an
// unknown agent or number is ignored and reported, and the call continues (threats B5, B6, C11).

import type { Missing, Outcome } from '@bookend/contract'
import type { Routing } from '@bookend/core'
import { cleanText, normaliseNumber } from '@bookend/core'

export interface Targets {
  hasAgent(id: string): boolean
  /** The workspace's own numbers are its allow-list. */
  hasNumber(number: string): boolean
}

export interface Decision {
  readonly outcome: Outcome
  readonly missing: readonly Missing[]
}

export function decideOutcome(
  routing: Routing,
  answeringAgentId: string,
  targets: Targets,
): Decision {
  const { agent_id: agentId, transfer, reject, say } = routing
  if (agentId !== undefined && agentId !== answeringAgentId) {
    return targets.hasAgent(agentId)
      ? decided({ type: 'route', agent_id: agentId })
      : refused('agent_id', 'is not an agent of this workspace')
  }
  if (transfer !== undefined) {
    const number = normaliseNumber(transfer.to_number) ?? ''
    if (!targets.hasNumber(number)) {
      return refused('transfer', 'is not among the numbers of this workspace')
    }
    const { message } = transfer
    const spoken = message === undefined ? {} : { message: cleanText(message) }
    return decided({ type: 'transfer', to_number: number, ...spoken })
  }
  if (reject !== undefined) {
    const { reason } = reject
    return decided({ type: 'reject', ...(reason === undefined ? {} : { reason }) })
  }
  return decided(say === undefined ? { type: 'continue' } : { type: 'say', text: cleanText(say) })
}

const decided = (outcome: Outcome): Decision => ({ outcome, missing: [] })

const refused = (name: string, detail: string): Decision => ({
  outcome: { type: 'continue' },
  missing: [{ name, reason: 'invalid', step: null, detail }],
})
