import type { Json } from '@bookend/contract'
import type { AdapterReply, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { idOf, idsOf, isFields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { contextOf } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { readParties } from '../rules/numbers.ts'
import { greetingLost, settleOutcome } from '../rules/outcome.ts'
import { sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable, wrongKind } from '../rules/reply.ts'
import type { ElevenLabsOptions } from './options.ts'

export function readPreCall(request: RawRequest, options: ElevenLabsOptions): PreCallReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  if ('type' in body && 'data' in body) return wrongKind('an event belongs to the events address')
  const parties = readParties(body['caller_id'], body['called_number'], options.number_format)
  const { from_number, to_number } = parties
  const conversation = idOf(body['conversation_id'])
  const provider_call_id = idOf(body['call_sid']) ?? conversation
  const facts = { provider_call_id, from_number, to_number }
  return {
    kind: 'call',
    request: {
      platform: 'elevenlabs',
      call: {
        ...facts,
        direction: 'inbound',
        timestamp: request.received_at,
        aliases: idsOf(conversation).filter((id) => id !== provider_call_id),
        caller_verified: null,
      },
      agent: { id: idOf(body['agent_id']), name: null, version: null },
      context: contextOf(parties.context),
      ...memoOf('elevenlabs', facts),
      received_at: request.received_at,
    },
  }
}

export function writePreCall(
  result: PreCallResult,
  request: NeutralPreCallRequest,
  options: ElevenLabsOptions,
): AdapterReply {
  const { reserved, degraded } = settleOutcome(result, options, [])
  const { parameters, dropped } = sendable(result.parameters, 'system__')
  const agentId = request.agent.id ?? ''
  const declared = Object.hasOwn(options.agent_variables, agentId)
    ? options.agent_variables[agentId]
    : undefined
  const body: Record<string, Json> = {
    type: 'conversation_initiation_client_data',
    dynamic_variables: { ...declared, ...scalars(parameters), ...reserved },
  }
  const mayGreet = options.allowed_overrides.includes('first_message')
  if (mayGreet && result.greeting !== undefined && result.greeting !== '') {
    body['conversation_config_override'] = { agent: { first_message: result.greeting } }
  }
  const reason = 'first_message override is not enabled for this agent'
  return jsonReply(body, {
    degraded: degraded ?? (mayGreet ? null : greetingLost(result, reason)),
    dropped_parameters: dropped,
    warnings: declared === undefined ? [unknownAgent(agentId)] : [],
  })
}

const unknownAgent = (agentId: string): string =>
  `agent_variables has no entry for agent ${agentId || '(none)'}: a variable of its prompt may stay without a value`

/** Text, numbers and booleans as they are, anything larger as JSON; null leaves the default. */
function scalars(parameters: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  )
}
