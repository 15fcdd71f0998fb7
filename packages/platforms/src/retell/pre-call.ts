import type { Json } from '@bookend/contract'
import type { AdapterReply, Degraded, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralOutcome, NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { fieldsOf, idOf, isFields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoOf } from '../read/times.ts'
import { contextOf, sipContext } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { readParties } from '../rules/numbers.ts'
import { outcomeParameters, settleOutcome } from '../rules/outcome.ts'
import { asStrings, sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable, wrongKind } from '../rules/reply.ts'
import type { RetellOptions } from './options.ts'

export function readPreCall(request: RawRequest, options: RetellOptions): PreCallReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  // A text message asks on an address of its own; it has no call and wants an empty answer.
  if (body['event'] === 'chat_inbound') {
    return { kind: 'answer', reply: jsonReply({ chat_inbound: {} }) }
  }
  if (body['event'] !== 'call_inbound') return wrongKind('the event is not call_inbound')
  const call = fieldsOf(body['call_inbound'])
  const parties = readParties(call['from_number'], call['to_number'], options.number_format)
  const { from_number, to_number } = parties
  const facts = { provider_call_id: idOf(call['call_id']), from_number, to_number }
  return {
    kind: 'call',
    request: {
      platform: 'retell',
      call: {
        ...facts,
        direction: 'inbound',
        timestamp: isoOf(body['event_timestamp']) ?? request.received_at,
        aliases: [],
        caller_verified: null,
      },
      agent: { id: idOf(call['agent_id']), name: null, version: idOf(call['agent_version']) },
      context: contextOf(parties.context, sipContext(call['custom_sip_headers'])),
      ...memoOf('retell', facts),
      received_at: request.received_at,
    },
  }
}

export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: RetellOptions,
): AdapterReply {
  const helped = helperFor(result.outcome, options)
  const native = ['route', 'reject', ...(helped === null ? [] : [result.outcome.type])] as const
  const settled = settleOutcome(result, options, native)
  const help = settled.outcome.type === result.outcome.type ? helped : null
  const { parameters, dropped } = sendable(result.parameters)
  const variables = {
    ...asStrings(parameters),
    ...(help === null ? settled.reserved : outcomeParameters(result.outcome)),
  }
  const answer: Record<string, Json> = { ...routing(settled.outcome, help?.agentId ?? null) }
  if (Object.keys(variables).length > 0) answer['dynamic_variables'] = variables
  answer['metadata'] = { bookend_run_id: result.run_id }
  if (result.greeting !== undefined && result.greeting !== '') {
    answer['agent_override'] = { retell_llm: { begin_message: result.greeting } }
  }
  const degraded = help?.degraded ?? settled.degraded
  return jsonReply({ call_inbound: answer }, { degraded, dropped_parameters: dropped })
}

interface Helper {
  readonly agentId: string
  readonly degraded: Degraded
}

/** An agent of the user's that does what an answer cannot say. */
function helperFor(outcome: NeutralOutcome, options: RetellOptions): Helper | null {
  const byHelper = (agentId: string | undefined, wanted: string, reason: string): Helper | null =>
    agentId === undefined ? null : { agentId, degraded: { wanted, sent: 'route', reason } }
  if (outcome.type === 'transfer') {
    const reason = 'helper agent performs the transfer'
    return byHelper(options.transfer_agent_id, 'transfer', reason)
  }
  if (outcome.type === 'say') {
    return byHelper(options.say_agent_id, 'say', 'helper agent speaks and ends the call')
  }
  return null
}

function routing(outcome: NeutralOutcome, helperId: string | null): Record<string, Json> {
  if (helperId !== null) return { override_agent_id: helperId }
  if (outcome.type === 'reject') return { reject: true }
  if (outcome.type !== 'route') return {}
  const version = outcome.agent_version
  return {
    override_agent_id: outcome.agent_id,
    ...(version === undefined ? {} : { override_agent_version: version }),
  }
}
