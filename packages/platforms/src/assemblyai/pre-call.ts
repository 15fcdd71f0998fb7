import type { Json } from '@bookend/contract'
import type { AdapterReply, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { idOf, isFields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { contextOf } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { directionOf, readParties } from '../rules/numbers.ts'
import { greetingLost, settleOutcome } from '../rules/outcome.ts'
import { asStrings, sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable } from '../rules/reply.ts'
import type { AssemblyAiOptions } from './options.ts'

/** What the platform can send by itself; anything else was captured by a request before ours. */
export const platformFacts = [
  'caller_number',
  'dialed_number',
  'direction',
  'agent_id',
  'session_id',
] as const
const FACTS = new Set<string>(platformFacts)
const sentMax = 50

export function readPreCall(request: RawRequest, options: AssemblyAiOptions): PreCallReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const format = options.number_format
  const parties = readParties(body['caller_number'], body['dialed_number'], format)
  const { from_number, to_number } = parties
  const facts = { provider_call_id: idOf(body['session_id']), from_number, to_number }
  const captured = Object.entries(body)
    .filter(([name]) => !FACTS.has(name) && name.length <= 128)
    .slice(0, sentMax)
    .map(([name, value]) => [`sent.${name}`, sentText(value)] as const)
  return {
    kind: 'call',
    request: {
      platform: 'assemblyai',
      call: {
        ...facts,
        direction: directionOf(body['direction']) ?? 'inbound',
        timestamp: request.received_at,
        aliases: [],
        caller_verified: null,
      },
      agent: { id: idOf(body['agent_id']), name: null, version: null },
      context: contextOf(parties.context, captured),
      ...memoOf('assemblyai', facts),
      received_at: request.received_at,
    },
  }
}

const sentText = (value: Json): string | null =>
  value === null || typeof value === 'string' ? value : JSON.stringify(value)

export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: AssemblyAiOptions,
): AdapterReply {
  const { outcome, reserved, degraded } = settleOutcome(result, options, ['reject'])
  const { parameters, dropped } = sendable(result.parameters)
  const body: Record<string, Json> = { parameters: { ...asStrings(parameters), ...reserved } }
  const isRejected = outcome.type === 'reject'
  if (isRejected) body['reject'] = true
  const { greeting } = result
  if (greeting !== undefined && greeting !== '' && options.allow_greeting && !isRejected) {
    body['greeting'] = greeting
  }
  const isLost = !options.allow_greeting && !isRejected
  const lost = isLost ? greetingLost(result, 'greetings are not allowed on this connection') : null
  return jsonReply(body, { degraded: degraded ?? lost, dropped_parameters: dropped })
}
