// The pre-call exchange in the published contract's words, as Simple AI and custom agents speak it.

import type { Json } from '@bookend/contract'
import type { AdapterReply, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PlatformId, PreCallResult } from '../neutral.ts'
import { fieldsOf, idOf, isFields, textOf } from '../read/fields.ts'
import { headerOf } from '../read/headers.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoOf } from '../read/times.ts'
import { contextOf, sentContext } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { directionOf, readParties, type NumberFormat } from '../rules/numbers.ts'
import { greetingLost, settleOutcome } from '../rules/outcome.ts'
import { asStrings, sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable } from '../rules/reply.ts'

const EXTENDED_TYPE = 'application/vnd.bookend.v1+json'

export function readBookendPreCall(
  platform: PlatformId,
  request: RawRequest,
  options: { readonly number_format: NumberFormat },
): PreCallReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body) || !isFields(body['call'])) return unreadable('the body has no call')
  const { call } = body
  const agent = fieldsOf(body['agent'])
  const parties = readParties(call['from_number'], call['to_number'], options.number_format)
  const provider_call_id = idOf(call['call_id'])
  const { from_number, to_number } = parties
  // Who names no call asks once; only an id says that two requests are one.
  const memo = memoOf(platform, { provider_call_id, from_number: null, to_number: null })
  return {
    kind: 'call',
    request: {
      platform,
      call: {
        from_number,
        to_number,
        direction: directionOf(call['direction']) ?? 'inbound',
        timestamp: isoOf(call['timestamp']) ?? request.received_at,
        provider_call_id,
        aliases: [],
        caller_verified: null,
      },
      agent: { id: idOf(agent['id']), name: textOf(agent['name']), version: null },
      context: contextOf(parties.context, sentContext(call['context'])),
      ...memo,
      extended_answer: (headerOf(request, 'accept') ?? '').toLowerCase().includes(EXTENDED_TYPE),
      received_at: request.received_at,
    },
  }
}

export interface BookendAnswerOptions {
  readonly outcome_parameters: boolean
  readonly stringify_parameters?: boolean
  readonly correlation_parameter?: string | undefined
}

export function writeBookendPreCall(
  result: PreCallResult,
  request: NeutralPreCallRequest,
  options: BookendAnswerOptions,
): AdapterReply {
  const isExtended = request.extended_answer === true
  const all = ['route', 'transfer', 'reject', 'say'] as const
  const settled = settleOutcome(result, options, isExtended ? all : [])
  const { parameters, dropped } = sendable(result.parameters)
  const echo = options.correlation_parameter
  const body: Record<string, Json> = {
    parameters: {
      ...(options.stringify_parameters === true ? asStrings(parameters) : parameters),
      ...settled.reserved,
      ...(echo === undefined ? {} : { [echo]: result.run_id }),
    },
  }
  const lost = isExtended ? null : greetingLost(result, 'platform cannot set the greeting')
  const notes = { degraded: settled.degraded ?? lost, dropped_parameters: dropped }
  if (!isExtended) return jsonReply(body, notes)
  body['run_id'] = result.run_id
  body['outcome'] = withoutUndefined(settled.outcome)
  if (result.greeting !== undefined) body['greeting'] = result.greeting
  return jsonReply(body, notes, `${EXTENDED_TYPE}; charset=utf-8`)
}

const withoutUndefined = (outcome: object): Json =>
  Object.fromEntries(Object.entries(outcome).filter(([, value]) => value !== undefined)) as Json
