import type { AdapterReply, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { idOf, isFields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { contextOf } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { readParties } from '../rules/numbers.ts'
import { greetingLost, settleOutcome } from '../rules/outcome.ts'
import { asStrings, sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable } from '../rules/reply.ts'
import type { BlandOptions } from './options.ts'

/** `cache: false` asks before every reply of a call. */
const CALL_MS = 600_000
const TEMPLATE = /^\{\{.*\}\}$/s

export function readPreCall(request: RawRequest, options: BlandOptions): PreCallReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const filled = (name: string) => {
    const value = idOf(body[name])
    return value === null || TEMPLATE.test(value) ? null : value
  }
  const parties = readParties(body['from'], body['to'], options.number_format)
  const { from_number, to_number } = parties
  const facts = { provider_call_id: filled('call_id'), from_number, to_number }
  return {
    kind: 'call',
    request: {
      platform: 'bland',
      call: {
        ...facts,
        direction: 'inbound',
        timestamp: request.received_at,
        aliases: [],
        caller_verified: null,
      },
      agent: { id: null, name: null, version: null },
      context: contextOf(parties.context, [['caller_city', filled('city')]]),
      ...memoOf('bland', facts, CALL_MS),
      received_at: request.received_at,
    },
  }
}

export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: BlandOptions,
): AdapterReply {
  const { reserved, degraded } = settleOutcome(result, options, [])
  const { parameters, dropped } = sendable(result.parameters)
  const given = asStrings(parameters)
  const { declared_parameters: declared } = options
  const unread = Object.keys(given).filter((name) => !declared.includes(name))
  return jsonReply(
    { parameters: { ...given, ...reserved } },
    {
      degraded: degraded ?? greetingLost(result, 'platform cannot set the greeting'),
      dropped_parameters: dropped,
      warnings: unread.map(
        (name) => `${name} is not in declared_parameters: the platform does not read it`,
      ),
    },
  )
}
