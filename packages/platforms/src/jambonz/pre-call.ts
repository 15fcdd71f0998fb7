import type { Json } from '@bookend/contract'
import type { AdapterReply, Degraded, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { fieldsOf, idOf, idsOf, isFields, textOf } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { contextOf, sipContext } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { directionOf, readParties } from '../rules/numbers.ts'
import { greetingLost, settleOutcome } from '../rules/outcome.ts'
import { sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable, wrongKind } from '../rules/reply.ts'
import type { JambonzOptions } from './options.ts'
import { fillTemplate } from './template.ts'
import { isPortalQuestion } from './verify.ts'

export function readPreCall(request: RawRequest, options: JambonzOptions): PreCallReading {
  // The portal asks which environment variables there are to set: none.
  if (isPortalQuestion(request)) return { kind: 'answer', reply: jsonReply({}) }
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const callId = idOf(body['call_sid'])
  if (callId === null) return unreadable('the body has no call_sid')
  const isRinging = body['call_status'] === undefined || body['call_status'] === 'trying'
  if (!isRinging) return wrongKind('a call status belongs to the events address')
  const parties = readParties(body['from'], body['to'], options.number_format)
  const { from_number, to_number } = parties
  const facts = { provider_call_id: callId, from_number, to_number }
  return {
    kind: 'call',
    request: {
      platform: 'jambonz',
      call: {
        ...facts,
        direction: directionOf(body['direction']) ?? 'inbound',
        timestamp: request.received_at,
        aliases: idsOf(body['call_id']).filter((id) => id !== callId),
        caller_verified: null,
      },
      agent: { id: null, name: null, version: null },
      context: contextOf(
        parties.context,
        [
          ['caller_name', textOf(body['caller_name'])],
          ['trunk', textOf(body['originating_sip_trunk_name'])],
        ],
        sipContext(fieldsOf(body['sip'])['headers'], (name) => /^x-/i.test(name)),
      ),
      ...memoOf('jambonz', facts),
      received_at: request.received_at,
    },
  }
}

/** An array of verbs. What a tag carries comes back as `customerData`, but a refusal stands alone. */
export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: JambonzOptions,
): AdapterReply {
  const { outcome, reserved, degraded } = settleOutcome(result, options, [
    'route',
    'transfer',
    'reject',
    'say',
  ])
  const { parameters, dropped } = sendable(result.parameters)
  const given = { ...parameters, ...reserved }
  const tag = { verb: 'tag', data: { bookend_run_id: result.run_id, parameters: given } }
  const send = (verbs: readonly Json[], fallback: Degraded | null = null) =>
    jsonReply([...verbs], { degraded: degraded ?? fallback, dropped_parameters: dropped })
  switch (outcome.type) {
    case 'reject':
      return send([{ verb: 'sip:decline', status: declineStatus(outcome.reason) }])
    case 'say':
      return send([...spoken(outcome.text), { verb: 'hangup' }])
    case 'transfer': {
      const target = [{ type: 'phone', number: outcome.to_number }]
      return send([tag, ...spoken(outcome.message ?? ''), { verb: 'dial', target }])
    }
    case 'continue':
    case 'route': {
      const wanted = outcome.type === 'route' ? outcome.agent_id : options.default_agent
      const { verbs, reason } = findVerbs(wanted, options)
      if (verbs === null) {
        const unavailable = { verb: 'sip:decline', status: 480 }
        return send([unavailable], { wanted: outcome.type, sent: 'reject', reason: reason ?? '' })
      }
      const filled = verbs.map((verb) => fillTemplate(verb, given, options.placeholder_default))
      const lost = greetingLost(result, 'the agent’s verbs say how it begins')
      const missing = reason === null ? lost : { wanted: 'route', sent: 'continue', reason }
      return send([tag, ...filled], missing)
    }
  }
}

const spoken = (text: string): readonly Json[] => (text === '' ? [] : [{ verb: 'say', text }])

function declineStatus(reason: string | undefined): number {
  if (reason === 'busy') return 486
  return reason === 'unavailable' ? 480 : 603
}

function findVerbs(
  id: string,
  { agents, default_agent: fallback }: JambonzOptions,
): { readonly verbs: readonly Json[] | null; readonly reason: string | null } {
  const verbsOf = (agent: string) => (Object.hasOwn(agents, agent) ? agents[agent] : undefined)
  const verbs = verbsOf(id)
  if (verbs !== undefined) return { verbs, reason: null }
  return { verbs: verbsOf(fallback) ?? null, reason: `no verbs configured for agent ${id}` }
}
