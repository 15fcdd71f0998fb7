// A made-up call, through a workflow as it is, with nothing kept and nothing written anywhere.

import type { Simulation, SimulationCreate } from '@bookend/contract'
import { createId, mergeParameters } from '@bookend/core'
import type { AgentInMemory } from '../snapshot.ts'
import type { LoadedPreCall } from '../workflows/registry.ts'
import type { AnswerParts } from './answer-call.ts'
import type { Asked } from './ask-workflow.ts'
import { askHosted } from './ask-workflow.ts'
import { budgetWithin } from './budget.ts'
import { decideOutcome } from './decide-outcome.ts'
import { renderSteps } from './record-steps.ts'
import { tellAgent } from './tell-agent.ts'

const DEADLINE_MS = 5_000

export interface SimulationIn {
  readonly workspaceId: string
  /** Active, or a draft. */
  readonly workflow: LoadedPreCall
  /** Null: nobody in particular would be told. */
  readonly agent: AgentInMemory | null
  readonly body: SimulationCreate
}

export async function simulateWorkflow(
  parts: AnswerParts,
  { workspaceId, workflow, agent, body }: SimulationIn,
): Promise<Simulation> {
  const { clock, snapshot } = parts
  const startedAt = clock.now()
  const timeoutS = agent?.settings.pre_call_webhook_timeout
  const deadlineMs = timeoutS === undefined ? DEADLINE_MS : timeoutS * 1_000
  const request = {
    call: {
      from_number: body.from_number,
      to_number: body.to_number,
      direction: 'inbound',
      timestamp: body.timestamp ?? startedAt.toISOString(),
      id: createId(startedAt),
      attestation: null,
    },
    agent: { id: agent?.id ?? '', name: agent?.name ?? 'nobody' },
  } as const
  const startedAtMs = clock.monotonicMs()
  const asked = await askHosted(
    { ...parts, registry: { ...parts.registry, preCall: () => workflow } },
    workflow.name,
    request,
    budgetWithin(deadlineMs, 0),
    workspaceId,
  )
  const durationMs = clock.monotonicMs() - startedAtMs
  const told =
    agent === null
      ? tellNobody(parts, workspaceId, body, asked)
      : tellAgent(snapshot, body.params, agent, asked)
  const { outcome, missing } = told
  const parameters = { ...told.parameters }
  const speaker = 'speaker' in told ? told.speaker : null
  const isPartial = asked.status === 'answered' && missing.length > 0
  const runId = createId(startedAt)
  return {
    simulated: true,
    parameters,
    outcome,
    missing: [...missing],
    agent:
      speaker === null || !('prompt' in told)
        ? null
        : {
            id: speaker.id,
            name: speaker.name,
            prompt: told.prompt,
            first_message: told.firstMessage,
            voice_id: speaker.settings.voice_id,
            language: speaker.settings.language,
          },
    run: {
      id: runId,
      kind: 'pre-call',
      workflow: workflow.name,
      version: asked.version,
      status: isPartial ? 'partial' : asked.status,
      call_id: null,
      agent_id: speaker?.id ?? null,
      event_id: null,
      event_type: null,
      key: null,
      started_at: startedAt.toISOString(),
      finished_at: new Date(startedAt.getTime() + durationMs).toISOString(),
      duration_ms: durationMs,
      deadline_ms: deadlineMs,
      budget_ms: Math.min(budgetWithin(deadlineMs, 0), workflow.definition.budgetMs ?? deadlineMs),
      outcome,
      parameters,
      input: request,
      missing: [...missing],
      failure: asked.failure,
      error: asked.error,
      steps: renderSteps(workspaceId, runId, asked.steps),
    },
  }
}

/** What the workflow's answer comes to, whoever would hear it. */
function tellNobody(
  { snapshot }: AnswerParts,
  workspaceId: string,
  { params }: SimulationCreate,
  asked: Asked,
) {
  const { outcome, missing: refused } = decideOutcome(asked.routing, '', {
    hasAgent: (id) => snapshot.findAgent(workspaceId, id) !== undefined,
    hasNumber: (number) => snapshot.agentIdOfNumber(workspaceId, number) !== undefined,
  })
  const { parameters, missing } = mergeParameters([params, asked.parameters])
  return { outcome, parameters, missing: [...asked.missing, ...refused, ...missing] }
}
