// Asks a workflow endpoint over HTTP for what a call should know (contract §5).
//
// One POST, no retry, no redirect. It settles inside `totalMs`, whatever the endpoint does: the
// deadline is the port's, and every fault of the network is an outcome, not a throw (P1).

import type { PreCallFailure, PreCallRequest } from '@bookend/contract'
import type { HttpPhases, HttpPort, OutgoingCode } from '../ports/http.ts'
import type { ReadAnswer } from './read-answer.ts'
import { readAnswer } from './read-answer.ts'

const ANSWER_BYTES_MAX = 65_536
const CONNECT_MS_MAX = 2_000

const FAILURE_OF = {
  invalid_url: 'blocked',
  invalid_header: 'blocked',
  blocked: 'blocked',
  dns_error: 'dns_failed',
  connection_refused: 'connect_failed',
  connection_reset: 'connect_failed',
  proxy_error: 'connect_failed',
  tls_error: 'tls_failed',
  timeout: 'timeout',
  headers_too_large: 'too_large',
  response_too_large: 'too_large',
  unsupported_encoding: 'invalid_response',
  redirect_refused: 'redirected',
  throttled: 'overloaded',
  circuit_open: 'overloaded',
} as const satisfies Record<OutgoingCode, PreCallFailure>

export interface EndpointQuestion {
  readonly url: string
  /** Sent as a bearer token; null: no `Authorization` header. */
  readonly token: string | null
  readonly request: PreCallRequest
  readonly totalMs: number
  /** Signature headers over exactly `body`, made by the caller who holds the secret. */
  readonly sign?: (body: string) => Readonly<Record<string, string>>
}

export type EndpointReply = ReadAnswer & {
  readonly status: number | null
  readonly phases: HttpPhases
}

export async function askEndpoint(
  http: HttpPort,
  { url, token, request, totalMs, sign }: EndpointQuestion,
): Promise<EndpointReply> {
  const body = JSON.stringify(request)
  const result = await http.send({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...sign?.(body),
    },
    body,
    totalMs,
    connectMs: Math.min(totalMs, CONNECT_MS_MAX),
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  const { phases, status } = result
  if (result.kind === 'failed') {
    return { kind: 'refused', failure: FAILURE_OF[result.code], status, phases }
  }
  return { ...readAnswer({ ...result, callId: request.call.id }), status, phases }
}
