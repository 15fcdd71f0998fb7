// A SIP server asks where an INVITE is to go, and with which headers.

import type { Json } from '@bookend/contract'
import type { AdapterReply, Degraded, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralOutcome, NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { idOf, isFields, textOf, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { contextOf, sipContext } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { directionOf, readParties } from '../rules/numbers.ts'
import { settleOutcome } from '../rules/outcome.ts'
import { sendable } from '../rules/parameters.ts'
import { jsonReply, unreadable } from '../rules/reply.ts'
import { headerLines } from './header-lines.ts'
import type { SipOptions } from './options.ts'

export function readPreCall(request: RawRequest, options: SipOptions): PreCallReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const callId = idOf(body['call_id'])
  if (callId === null) return unreadable('the body has no call_id')
  const parties = readParties(callerOf(body), body['to'], options.number_format)
  const { from_number, to_number } = parties
  const facts = { provider_call_id: callId, from_number, to_number }
  const verstat = textOf(body['verstat'])
  return {
    kind: 'call',
    request: {
      platform: 'sip',
      call: {
        ...facts,
        direction: directionOf(body['direction']) ?? 'inbound',
        timestamp: request.received_at,
        aliases: [],
        caller_verified: isVerified(verstat),
      },
      agent: { id: idOf(body['agent']), name: null, version: null },
      context: contextOf(
        parties.context,
        [
          ['caller_name', body['caller_name']],
          ['trunk', body['trunk']],
          ['forwarded_from', body['diversion']],
          ['stir_verstat', verstat],
        ],
        sipContext(body['headers'], (name) => /^x-(?!bookend-)/i.test(name)),
      ),
      ...memoOf('sip', facts),
      received_at: request.received_at,
    },
  }
}

/** What the trunk asserts is worth more than what the caller writes. */
const callerOf = (body: Fields): Json => textOf(body['asserted']) ?? body['from'] ?? null

/** Only full attestation says that the number is the caller's; none says nothing. */
function isVerified(verstat: string | null): boolean | null {
  if (verstat === null) return null
  if (/^TN-Validation-Passed-A/i.test(verstat)) return true
  return /Passed|Failed/i.test(verstat) ? false : null
}

interface Decision {
  readonly action: 'continue' | 'route' | 'reject'
  readonly uri?: string
  readonly status?: number
  readonly reason?: string
}

/** Without a `uri` the call goes where the SIP server sends it by itself. */
export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: SipOptions,
): AdapterReply {
  const { outcome, reserved, degraded } = settleOutcome(result, options, [
    'reject',
    ...(options.gateway === undefined ? [] : (['transfer'] as const)),
    ...(options.say_target === undefined ? [] : (['say'] as const)),
    'route',
  ])
  const { decision, lost, said } = decide(outcome, options)
  const { parameters, dropped } = sendable(result.parameters)
  const own: Record<string, string> = { 'run-id': result.run_id }
  for (const [name, value] of Object.entries({ ...reserved, ...said })) {
    own[name.replace(/^bookend_/, '').replaceAll('_', '-')] = value
  }
  if (result.greeting !== undefined && result.greeting !== '') own['greeting'] = result.greeting
  const lines = headerLines(own, parameters, options.headers_bytes_max)
  return jsonReply(
    { ...decision, run_id: result.run_id, headers: lines.text },
    {
      degraded: degraded ?? lost,
      dropped_parameters: [...dropped, ...lines.dropped],
      warnings: warningsOf(outcome, lines.dropped, options),
    },
  )
}

function decide(
  outcome: NeutralOutcome,
  { targets, gateway, say_target: sayTarget }: SipOptions,
): { decision: Decision; lost: Degraded | null; said: Readonly<Record<string, string>> } {
  const settled = (decision: Decision, said: Record<string, string> = {}) => ({
    decision,
    lost: null,
    said,
  })
  switch (outcome.type) {
    case 'continue':
      return settled({ action: 'continue' })
    case 'reject':
      return settled({ action: 'reject', ...declineOf(outcome.reason) })
    case 'transfer':
      return settled({ action: 'route', uri: `sip:${outcome.to_number}@${gateway ?? ''}` })
    case 'say':
      return settled({ action: 'route', uri: sayTarget ?? '' }, { say: outcome.text })
    case 'route': {
      const { agent_id: agent } = outcome
      const uri = Object.hasOwn(targets, agent) ? targets[agent] : undefined
      if (uri !== undefined) return settled({ action: 'route', uri })
      const lost = { wanted: 'route', sent: 'continue', reason: `no target named ${agent}` }
      return { decision: { action: 'continue' }, lost, said: {} }
    }
  }
}

/** Phrases are ours: what a workflow says is never a part of the status line. */
const PHRASES: Readonly<Record<number, string>> = {
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  503: 'Service Unavailable',
  600: 'Busy Everywhere',
  603: 'Decline',
  607: 'Unwanted',
}

/** `busy`, `unavailable` or a final SIP status of failure, such as `607`; all else is declined. */
function declineOf(reason = 'declined'): { status: number; reason: string } {
  const named = { busy: 486, unavailable: 480 }[reason]
  const status = named ?? (/^[4-6]\d\d$/.test(reason) ? Number(reason) : 603)
  return { status, reason: PHRASES[status] ?? 'Rejected' }
}

function warningsOf(
  outcome: NeutralOutcome,
  dropped: readonly string[],
  { headers_bytes_max: bytesMax }: SipOptions,
): readonly string[] {
  const warnings: string[] = []
  if (outcome.type === 'transfer' && (outcome.message ?? '') !== '') {
    warnings.push('a SIP server speaks no message before a transfer')
  }
  if (dropped.length > 0) {
    warnings.push(`not all is sent: names are taken, or pass headers_bytes_max (${bytesMax})`)
  }
  return warnings
}
