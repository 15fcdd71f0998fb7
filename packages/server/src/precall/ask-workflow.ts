// Asks the agent's workflow, wherever it lives: in this process, or behind an address.
//
//   too many calls at once? ─▶ fallback       else ─▶ hosted: run it │ remote: ask its endpoint

import type { JsonObject, Missing, PreCallRequest } from '@bookend/contract'
import type { StepRecord } from '@bookend/core'
import { readRouting, runAfter, runPreCall } from '@bookend/core'
import type { CacheScope, ConnectionRuntime } from '../connections/runtime.ts'
import type { AgentInMemory } from '../snapshot.ts'
import type { LoadedPreCall, WorkflowRegistry } from '../workflows/registry.ts'
import type { RemoteParts } from './ask-remote.ts'
import { askRemote, overloaded } from './ask-remote.ts'
import type { Asked, AskedAfter, AskedStep } from './asked.ts'
import { nothing } from './asked.ts'
import type { CallGate } from './call-gate.ts'

export type { Asked, AskedStep } from './asked.ts'

export const hostedPrefix = 'workflow:'
/** Longer outputs of steps are not kept. */
const OUTPUT_CHARACTERS_MAX = 16_384

export interface AskParts extends RemoteParts {
  readonly registry: WorkflowRegistry
  readonly connections: ConnectionRuntime
  readonly gate: CallGate
  /** How late this process was lately, in milliseconds (P4). */
  readonly lateMs: () => number
}

/** Never rejects, and settles inside `budgetMs` (P1). */
export function askWorkflow(
  parts: AskParts,
  agent: AgentInMemory,
  request: PreCallRequest,
  budgetMs: number,
  signingSecret: string | null,
): Promise<Asked> {
  const { workspace_id: workspaceId, token } = agent
  const target = agent.settings.pre_call_webhook_url ?? ''
  if (target.startsWith(hostedPrefix)) {
    return askHosted(parts, hostedName(target), request, budgetMs, workspaceId)
  }
  return parts.gate.pass(
    () => askRemote(parts, { workspaceId, target, token, signingSecret }, request, budgetMs),
    () => overloaded(target, 'gate', budgetMs),
  )
}

export const hostedName = (target: string): string => target.slice(hostedPrefix.length)

/**
 * Never rejects, and settles inside `budgetMs` (P1).
 *
 * @param workspaceId Whose cache the steps may use; without one nothing is cached.
 */
export async function askHosted(
  parts: AskParts,
  name: string,
  request: PreCallRequest,
  budgetMs: number,
  workspaceId: string | null = null,
): Promise<Asked> {
  const workflow = parts.registry.preCall(name)
  if (workflow === null) {
    const error = `There is no pre-call workflow "${name}" on this server`
    return { ...nothing, status: 'fallback', failure: 'unknown_workflow', error, workflow: name }
  }
  const { version } = workflow
  const scope = workspaceId === null ? null : { workspaceId, workflow: name, version }
  return await parts.gate.pass(
    () => runHosted(parts, workflow, request, budgetMs, scope),
    () => shedHosted(workflow),
  )
}

export interface HostParts extends Pick<AskParts, 'clock'> {
  readonly connections: Pick<ConnectionRuntime, 'handlesFor' | 'enter'>
}

export async function runHosted(
  { connections, clock }: HostParts,
  { name, version, definition }: LoadedPreCall,
  request: PreCallRequest,
  budgetMs: number,
  scope: CacheScope | null,
): Promise<Asked> {
  const startedAtMs = clock.monotonicMs()
  const run = await runPreCall(definition, {
    request,
    clock,
    budgetMs,
    connections: connections.handlesFor(definition.connections, 'reads'),
    enter: (step, call) => connections.enter(step, call, scope ?? undefined),
  })
  // Types end where the author's code was built: what comes out of it is read like any answer.
  const { routing, missing } = readRouting(run.routing)
  return {
    ...run,
    routing,
    missing: missing.length === 0 ? run.missing : [...run.missing, ...missing],
    workflow: name,
    version,
    steps: run.steps.map(describeStep),
    ...(definition.after === undefined ? {} : { after: follow }),
  }

  async function follow(parameters: JsonObject, signal: AbortSignal): Promise<AskedAfter> {
    const { steps, error } = await runAfter(definition, {
      request,
      parameters,
      clock,
      startedAtMs,
      signal,
      taken: run.steps.map((step) => step.name),
      connections: connections.handlesFor(definition.connections, 'all'),
      enter: (step, call) => connections.enter(step, call, scope ?? undefined),
    })
    return { steps: steps.map(describeStep), error }
  }
}

function shedHosted({ name, version, definition }: LoadedPreCall): Asked {
  const { parameters, fallback } = definition
  return {
    ...nothing,
    status: 'fallback',
    parameters: { ...fallback },
    missing: Object.keys(parameters).map((parameter): Missing => ({
      name: parameter,
      reason: 'skipped',
      step: null,
    })),
    failure: 'overloaded',
    error: 'There were more calls at once than BOOKEND_MAX_CALLS_IN_FLIGHT',
    workflow: name,
    version,
  }
}

/** Field by field: a copy of the rest of an object costs many times as much. */
function describeStep(step: StepRecord): AskedStep {
  const [use] = step.uses
  return {
    name: step.name,
    status: step.status,
    startMs: step.startMs,
    durationMs: step.durationMs,
    limitMs: step.limitMs,
    defaultUsed: step.defaultUsed,
    output: short(step.output),
    error: step.error,
    cache: step.cache,
    connection: use?.connection ?? null,
    action: use?.action ?? null,
    input: short(use?.input ?? null),
    phases: use?.phases ?? null,
  }
}

/** What of a step's output can be kept as JSON; a word in its place for what cannot. */
function short(value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean' || typeof value === 'number') return value
  try {
    const text = JSON.stringify(value)
    if (text === undefined) return null
    return text.length > OUTPUT_CHARACTERS_MAX ? `(${text.length} characters, not kept)` : value
  } catch {
    return '(not JSON, not kept)'
  }
}
