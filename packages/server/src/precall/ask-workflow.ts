// Asks the agent's workflow, wherever it lives: in this process, or behind an address.

import type {
  JsonObject,
  Missing,
  PreCallFailure,
  PreCallRequest,
  PreCallStatus,
} from '@bookend/contract'
import type { Clock, HttpPort, PreCallReturn, StepRecord } from '@bookend/core'
import { askEndpoint, readRouting, runPreCall, signMessage } from '@bookend/core'
import type { ConnectionRuntime } from '../connections/runtime.ts'
import type { AgentInMemory } from '../snapshot.ts'
import type { WorkflowRegistry } from '../workflows/registry.ts'

export const hostedPrefix = 'workflow:'
/** Longer outputs of steps are not kept. */
const OUTPUT_CHARACTERS_MAX = 16_384

export interface Asked {
  readonly status: PreCallStatus
  readonly parameters: JsonObject
  readonly routing: Omit<PreCallReturn, 'parameters'>
  readonly missing: readonly Missing[]
  readonly failure: PreCallFailure | null
  readonly error: string | null
  readonly workflow: string
  readonly version: string | null
  readonly steps: readonly AskedStep[]
}

export type AskedStep = Omit<StepRecord, 'uses'> & {
  readonly connection: string | null
  readonly action: string | null
  readonly input: unknown
  readonly phases: unknown
}

export interface AskParts {
  readonly registry: WorkflowRegistry
  readonly connections: ConnectionRuntime
  readonly http: HttpPort
  readonly clock: Clock
}

/** Never rejects, and settles inside `budgetMs` (P1). */
export async function askWorkflow(
  parts: AskParts,
  agent: AgentInMemory,
  request: PreCallRequest,
  budgetMs: number,
  signingSecret: string | null,
): Promise<Asked> {
  const target = agent.settings.pre_call_webhook_url ?? ''
  return target.startsWith(hostedPrefix)
    ? await askHosted(parts, target.slice(hostedPrefix.length), request, budgetMs)
    : await askRemote(parts, { target, token: agent.token, signingSecret }, request, budgetMs)
}

/** Never rejects, and settles inside `budgetMs` (P1). */
export async function askHosted(
  { registry, connections, clock }: AskParts,
  name: string,
  request: PreCallRequest,
  budgetMs: number,
): Promise<Asked> {
  const workflow = registry.preCall(name)
  if (workflow === null) {
    const error = `There is no pre-call workflow "${name}" on this server`
    return { ...nothing, status: 'fallback', failure: 'unknown_workflow', error, workflow: name }
  }
  const { definition, version } = workflow
  const run = await runPreCall(definition, {
    request,
    clock,
    budgetMs,
    connections: connections.handlesFor(definition.connections, 'reads'),
    enter: (step, call) => connections.enter(step, call),
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
  }
}

const nothing = {
  parameters: {},
  routing: {},
  missing: [],
  failure: null,
  error: null,
  version: null,
  steps: [],
} as const

function describeStep({ uses, output, ...step }: StepRecord): AskedStep {
  const [use] = uses
  return {
    ...step,
    output: short(output),
    connection: use?.connection ?? null,
    action: use?.action ?? null,
    input: short(use?.input ?? null),
    phases: use?.phases ?? null,
  }
}

/** What of a step's output can be kept as JSON; a word in its place for what cannot. */
function short(value: unknown): unknown {
  if (value === null || value === undefined) return null
  try {
    const text = JSON.stringify(value)
    if (text === undefined) return null
    return text.length > OUTPUT_CHARACTERS_MAX ? `(${text.length} characters, not kept)` : value
  } catch {
    return '(not JSON, not kept)'
  }
}

interface Endpoint {
  readonly target: string
  readonly token: string | null
  readonly signingSecret: string | null
}

async function askRemote(
  { http, clock }: AskParts,
  { target, token, signingSecret }: Endpoint,
  request: PreCallRequest,
  budgetMs: number,
): Promise<Asked> {
  const startedAtMs = clock.monotonicMs()
  const id = request.call.id ?? 'call'
  const reply = await askEndpoint(http, {
    url: target,
    token,
    request,
    totalMs: budgetMs,
    ...(signingSecret === null
      ? {}
      : {
          sign: (body: string) => ({
            ...signMessage([signingSecret], { id, sentAt: clock.now(), body }),
          }),
        }),
  })
  const failure = reply.kind === 'refused' ? reply.failure : null
  const missing = reply.kind === 'read' ? reply.missing : []
  const step: AskedStep = {
    name: 'endpoint',
    status: failure === null ? 'ok' : failure === 'timeout' ? 'cut' : 'failed',
    startMs: 0,
    durationMs: clock.monotonicMs() - startedAtMs,
    limitMs: budgetMs,
    defaultUsed: failure !== null,
    output: reply.status === null ? null : { status: reply.status },
    error: failure,
    connection: null,
    action: null,
    input: null,
    phases: reply.phases,
  }
  return {
    ...nothing,
    status: failure !== null ? 'fallback' : missing.length > 0 ? 'partial' : 'answered',
    parameters: reply.kind === 'read' ? reply.parameters : {},
    routing: reply.kind === 'read' ? reply.routing : {},
    missing,
    failure,
    workflow: hostOf(target),
    steps: [step],
  }
}

/** The endpoint's host names its runs; path and query may hold a secret. */
const hostOf = (target: string): string =>
  URL.canParse(target) ? new URL(target).host : 'endpoint'
