import type { AdapterReply, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { booleanOf, idOf, idsOf } from '../read/fields.ts'
import { contextOf } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { readParties } from '../rules/numbers.ts'
import { greetingLost, settleOutcome } from '../rules/outcome.ts'
import { asStrings, sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable, wrongKind } from '../rules/reply.ts'
import { readDelivery } from './delivery.ts'
import type { TelnyxOptions } from './options.ts'

export function readPreCall(request: RawRequest, options: TelnyxOptions): PreCallReading {
  const delivery = readDelivery(request.body)
  if (delivery === null) return unreadable('the body has no data')
  if (delivery.type !== 'assistant.initialization') {
    return wrongKind('the event is no assistant.initialization')
  }
  const { payload } = delivery
  const parties = readParties(
    payload['telnyx_end_user_target'],
    payload['telnyx_agent_target'],
    options.number_format,
  )
  const { from_number, to_number } = parties
  const conversation = idOf(payload['telnyx_conversation_id'])
  const provider_call_id = idOf(payload['call_control_id']) ?? conversation
  const facts = { provider_call_id, from_number, to_number }
  return {
    kind: 'call',
    request: {
      platform: 'telnyx',
      call: {
        ...facts,
        direction: 'inbound',
        timestamp: delivery.occurredAt ?? request.received_at,
        aliases: idsOf(conversation).filter((id) => id !== provider_call_id),
        caller_verified: booleanOf(payload['telnyx_end_user_target_verified']),
      },
      agent: { id: idOf(payload['assistant_id']), name: null, version: null },
      context: contextOf(parties.context, [['channel', payload['telnyx_conversation_channel']]]),
      ...memoOf('telnyx', facts),
      received_at: request.received_at,
    },
  }
}

/** Variables are nested: a flat answer is ignored without a word. */
export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: TelnyxOptions,
): AdapterReply {
  const { reserved, degraded } = settleOutcome(result, options, [])
  const { parameters, dropped } = sendable(result.parameters, 'telnyx_')
  return jsonReply(
    {
      dynamic_variables: { ...asStrings(parameters), ...reserved },
      conversation: { metadata: { bookend_run_id: result.run_id } },
    },
    {
      degraded: degraded ?? greetingLost(result, 'platform cannot set the greeting'),
      dropped_parameters: dropped,
    },
  )
}
