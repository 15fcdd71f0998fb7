// Asks a workflow endpoint behind an address, through the circuit of its origin (fault F18).

import type { PreCallFailure, PreCallRequest } from '@bookend/contract'
import type { Clock, EndpointReply, Ending, HttpPort } from '@bookend/core'
import { askEndpoint, signMessage } from '@bookend/core'
import type { Circuits } from '../connections/circuits.ts'
import type { Asked, AskedStep } from './asked.ts'
import { nothing } from './asked.ts'

export interface Endpoint {
  readonly workspaceId: string
  readonly target: string
  readonly token: string | null
  readonly signingSecret: string | null
}

export interface RemoteParts {
  readonly http: HttpPort
  readonly clock: Clock
  readonly endpoints: Circuits
}

/** Given less time than this, an endpoint that did not answer is not known to be slow. */
const PATIENCE_MIN_MS = 100

/** Never rejects, and settles inside `budgetMs` (P1). */
export async function askRemote(
  { http, clock, endpoints }: RemoteParts,
  { workspaceId, target, token, signingSecret }: Endpoint,
  request: PreCallRequest,
  budgetMs: number,
): Promise<Asked> {
  const startedAtMs = clock.monotonicMs()
  const origin = URL.canParse(target) ? new URL(target).origin : ''
  const admission = endpoints.get(`${workspaceId} ${origin}`, origin).admit()
  if (admission.kind === 'refused') return overloaded(target, 'endpoint', budgetMs)
  const id = request.call.id ?? 'call'
  const sign = (secret: string) => (body: string) => ({
    ...signMessage([secret], { id, sentAt: clock.now(), body }),
  })
  const reply = await askEndpoint(http, {
    url: target,
    token,
    request,
    totalMs: budgetMs,
    ...(signingSecret === null ? {} : { sign: sign(signingSecret) }),
  })
  admission.end(judge(reply, budgetMs))
  return describe(reply, target, budgetMs, clock.monotonicMs() - startedAtMs)
}

/** What a reply says of the endpoint's system: an answer that we cannot use is still an answer. */
function judge(reply: EndpointReply, budgetMs: number): Ending {
  if (reply.kind === 'read') return 'answered'
  switch (reply.failure) {
    case 'timeout':
      return budgetMs < PATIENCE_MIN_MS ? 'unknown' : 'failed'
    case 'connect_failed':
    case 'dns_failed':
      return 'failed'
    case 'http_status': {
      const isTooBusy = reply.status === 408 || reply.status === 425 || reply.status === 429
      return isTooBusy || (reply.status ?? 0) >= 500 ? 'failed' : 'answered'
    }
    case 'blocked':
    case 'overloaded':
      return 'unknown'
    case 'tls_failed':
    case 'redirected':
    case 'too_large':
    case 'not_json':
    case 'invalid_response':
    case 'invalid_request':
    case 'no_parameters':
    case 'unknown_workflow':
    case 'workflow_failed':
      return 'answered'
  }
}

function describe(
  reply: EndpointReply,
  target: string,
  budgetMs: number,
  durationMs: number,
): Asked {
  const failure = reply.kind === 'refused' ? reply.failure : null
  const missing = reply.kind === 'read' ? reply.missing : []
  const step: AskedStep = {
    ...endpointStep(budgetMs, failure),
    status: failure === null ? 'ok' : failure === 'timeout' ? 'cut' : 'failed',
    durationMs,
    output: reply.status === null ? null : { status: reply.status },
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

/** The endpoint is not asked: its circuit is open, or there are too many calls at once. */
export function overloaded(target: string, at: 'endpoint' | 'gate', budgetMs: number): Asked {
  const error =
    at === 'gate'
      ? 'There were more calls at once than BOOKEND_MAX_CALLS_IN_FLIGHT'
      : 'The endpoint has kept failing and is left alone for a while'
  return {
    ...nothing,
    status: 'fallback',
    failure: 'overloaded',
    error,
    workflow: hostOf(target),
    steps: [{ ...endpointStep(budgetMs, 'overloaded'), status: 'not_started' }],
  }
}

const endpointStep = (limitMs: number, failure: PreCallFailure | null): AskedStep => ({
  name: 'endpoint',
  status: 'not_started',
  startMs: 0,
  durationMs: 0,
  limitMs,
  defaultUsed: failure !== null,
  output: null,
  error: failure,
  cache: null,
  connection: null,
  action: null,
  input: null,
  phases: null,
})

/** The endpoint's host names its runs; path and query may hold a secret. */
const hostOf = (target: string): string =>
  URL.canParse(target) ? new URL(target).host : 'endpoint'
