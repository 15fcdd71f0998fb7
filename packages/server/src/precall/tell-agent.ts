// What an agent is told of a call: merged parameters, how the call goes on, the rendered texts.
//
//   agent's defaults ◀─ call's params ◀─ workflow's answer ─▶ outcome ─▶ speaker ─▶ schema ─▶ texts
//
// B6. What a workflow says in the agent's place is text, not a template.
// B7. What the agent's schema does not declare is dropped and counted, and kept nowhere.

import type { JsonObject, Missing } from '@bookend/contract'
import type { Parameters } from '@bookend/core'
import { cleanText, holdsSuspectText, mergeParameters, renderTemplate } from '@bookend/core'
import type { AgentInMemory, Snapshot } from '../snapshot.ts'
import type { CallRow } from '../store/postgres/call-row.ts'
import type { Asked } from './ask-workflow.ts'
import { decideOutcome } from './decide-outcome.ts'
import { applySchema } from './parameters-schema.ts'

export interface Told {
  /** Who speaks: the number's agent, or the one the call was routed to. */
  readonly speaker: AgentInMemory
  readonly parameters: Parameters
  readonly missing: readonly Missing[]
  readonly outcome: CallRow['outcome']
  readonly prompt: string
  readonly firstMessage: string | null
  /** Something from outside reads like an order to the agent; for people to look at. */
  readonly isSuspect: boolean
  readonly undeclared: number
}

/** @param params What came with the call. */
export function tellAgent(
  snapshot: Snapshot,
  params: JsonObject,
  agent: AgentInMemory,
  asked: Pick<Asked, 'parameters' | 'routing' | 'missing'> | null,
): Told {
  const { workspace_id: workspaceId } = agent
  const { outcome, missing: refused } = decideOutcome(asked?.routing ?? {}, agent.id, {
    hasAgent: (id) => snapshot.findAgent(workspaceId, id) !== undefined,
    hasNumber: (number) => snapshot.agentIdOfNumber(workspaceId, number) !== undefined,
  })
  const routed = outcome.type === 'route' ? snapshot.findAgent(workspaceId, outcome.agent_id) : null
  const speaker = routed ?? agent
  const merged = mergeParameters([
    agent.settings.default_parameters,
    ...(speaker === agent ? [] : [speaker.settings.default_parameters]),
    params,
    asked?.parameters ?? {},
  ])
  const declared = applySchema(speaker.settings.parameters_schema, merged.parameters)
  const { parameters } = declared
  const { prompt: template, first_message: greeting } = speaker.settings
  const own = asked?.routing.first_message
  const prompt = renderTemplate(template, parameters)
  const rendered = greeting === null ? null : renderTemplate(greeting, parameters)
  const unresolved = [...new Set([...prompt.unresolved, ...(rendered?.unresolved ?? [])])]
  const known = [...(asked?.missing ?? []), ...refused, ...merged.missing, ...declared.missing]
  const blank = unresolved
    .filter((name) => !known.some((entry) => entry.name === name))
    .map((name): Missing => ({ name, reason: 'skipped', step: null, detail: 'nobody provides it' }))
  return {
    speaker,
    parameters,
    missing: [...known, ...blank],
    outcome,
    prompt: prompt.text,
    isSuspect: holdsSuspectText(params) || holdsSuspectText(asked?.parameters ?? {}),
    undeclared: declared.undeclared,
    firstMessage: own === undefined ? (rendered?.text ?? null) : cleanText(own),
  }
}
