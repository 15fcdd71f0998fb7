import type { Json } from '@bookend/contract'
import type { AdapterReply, Degraded, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { fieldsOf, idOf, textOf } from '../read/fields.ts'
import { isoOf } from '../read/times.ts'
import { contextOf } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { settleOutcome } from '../rules/outcome.ts'
import { sendable, withoutNulls } from '../rules/parameters.ts'
import { jsonReply, unreadable, wrongKind } from '../rules/reply.ts'
import { partiesOf, readMessage } from './message.ts'
import type { VapiOptions } from './options.ts'

export function readPreCall(request: RawRequest, options: VapiOptions): PreCallReading {
  const message = readMessage(request.body)
  if (message === null) return unreadable('the body has no message')
  if (message.type !== 'assistant-request') return wrongKind('the message is no assistant-request')
  const { fields, call, callId } = message
  const { from_number, to_number, direction, context } = partiesOf(message, options.number_format)
  const facts = { provider_call_id: callId, from_number, to_number }
  const phoneNumberId = idOf(call['phoneNumberId']) ?? idOf(fieldsOf(fields['phoneNumber'])['id'])
  const customerName = textOf(fieldsOf(fields['customer'])['name'])
  return {
    kind: 'call',
    request: {
      platform: 'vapi',
      call: {
        ...facts,
        direction,
        timestamp: isoOf(fields['timestamp']) ?? request.received_at,
        aliases: [],
        caller_verified: null,
      },
      agent: { id: idOf(call['assistantId']), name: null, version: null },
      context: contextOf(context, [
        ['phone_number_id', phoneNumberId],
        ['caller_name', customerName],
      ]),
      ...memoOf('vapi', facts),
      received_at: request.received_at,
    },
  }
}

/** One of the four ways to answer; the platform ignores everything beside the one it takes. */
export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: VapiOptions,
): AdapterReply {
  const { outcome, reserved, degraded } = settleOutcome(result, options, [
    'route',
    'transfer',
    'reject',
    'say',
  ])
  const { parameters, dropped } = sendable(result.parameters)
  const send = (body: Json, fallback: Degraded | null = null) =>
    jsonReply(body, { degraded: degraded ?? fallback, dropped_parameters: dropped })
  const variables = { ...withoutNulls(parameters), ...reserved }
  const spoken = (text: string) => ({ error: text === '' ? options.unavailable_text : text })
  switch (outcome.type) {
    case 'transfer':
      return send({
        destination: {
          type: 'number',
          number: outcome.to_number,
          ...(outcome.message === undefined ? {} : { message: outcome.message }),
        },
      })
    case 'say':
      return send(spoken(outcome.text))
    case 'reject': {
      const reason = 'platform has no silent refusal'
      return send(spoken(options.reject_text), { wanted: 'reject', sent: 'say', reason })
    }
    case 'route':
      return send(assistantFor(outcome.agent_id, variables, result.greeting))
    case 'continue': {
      if (options.default_agent_id !== null) {
        return send(assistantFor(options.default_agent_id, variables, result.greeting))
      }
      const reason = 'no default_agent_id configured'
      return send(spoken(options.unavailable_text), { wanted: 'continue', sent: 'say', reason })
    }
  }
}

/** Who answers, and with what: `squad:` and `workflow:` say that the id is of one. */
function assistantFor(
  agentId: string,
  variables: Readonly<Record<string, Json>>,
  greeting: string | undefined,
): Json {
  const [, kind = 'assistant', id = agentId] = /^(squad|workflow):(.+)$/s.exec(agentId) ?? []
  const overrides: Record<string, Json> = {}
  if (Object.keys(variables).length > 0) overrides['variableValues'] = { ...variables }
  if (greeting !== undefined && greeting !== '' && kind === 'assistant') {
    overrides['firstMessage'] = greeting
  }
  const hasOverrides = Object.keys(overrides).length > 0
  return { [`${kind}Id`]: id, ...(hasOverrides ? { [`${kind}Overrides`]: overrides } : {}) }
}
