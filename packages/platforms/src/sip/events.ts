// What a SIP server reports of a call's dialog: `started`, `ended`, or `failed` with the final status.

import type { EventReading, RawRequest } from '../adapter.ts'
import type { NeutralCall, NeutralCallStatus } from '../neutral.ts'
import { idOf, isFields, numberOf, secondsOf, textOf, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoFromSeconds } from '../read/times.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { neutralEvent } from '../rules/event.ts'
import { directionOf, readNumber } from '../rules/numbers.ts'
import { emitted, ignored, unreadable } from '../rules/reply.ts'
import type { SipOptions } from './options.ts'

export function readEvents(request: RawRequest, options: SipOptions): EventReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const callId = idOf(body['call_id'])
  if (callId === null) return ignored('the body names no call')
  const native = textOf(body['event']) ?? ''
  const occurredAt = isoFromSeconds(body['at'])
  const base = {
    callId,
    key: dedupeKey('sip', callId, native),
    runId: idOf(body['run_id']),
    occurredAt,
  }
  const parties = partiesOf(body, options)
  switch (native) {
    case 'started': {
      const call = { ...parties, status: 'in_progress', started_at: occurredAt } as const
      return emitted([neutralEvent('sip', request, { ...base, type: 'call.started', call })])
    }
    case 'ended':
    case 'failed': {
      const ending = native === 'ended' ? endOf(body) : failureOf(body)
      const call = { ...parties, ...ending, ended_at: occurredAt }
      return emitted([neutralEvent('sip', request, { ...base, type: 'call.completed', call })])
    }
    default:
      return ignored(`event ${native || '(none)'} is not used`)
  }
}

function partiesOf(body: Fields, { number_format: format }: SipOptions): NeutralCall {
  const direction = directionOf(body['direction'])
  const from = textOf(body['asserted']) ?? body['from']
  return {
    from_number: readNumber(from, format).number,
    to_number: readNumber(body['to'], format).number,
    ...(direction === null ? {} : { direction }),
  }
}

function endOf(body: Fields): NeutralCall {
  const duration = secondsOf(body['duration'])
  return { status: 'completed', ...(duration === null ? {} : { duration }) }
}

const STATUSES: ReadonlyMap<number, NeutralCallStatus> = new Map([
  [408, 'no_answer'],
  [480, 'no_answer'],
  [486, 'busy'],
  [487, 'no_answer'],
  [600, 'busy'],
  [603, 'rejected'],
  [607, 'rejected'],
])

function failureOf(body: Fields): NeutralCall {
  const sipStatus = numberOf(body['status'])
  const phrase = textOf(body['reason']) ?? ''
  // Whom a workflow turned away was rejected, whatever status that was said with.
  const status = body['rejected'] === true ? 'rejected' : (STATUSES.get(sipStatus ?? 0) ?? 'failed')
  return {
    status,
    ...(status === 'no_answer' ? { answered_by: 'no_answer' } : {}),
    ended_reason: sipStatus === null ? null : `${String(sipStatus)} ${phrase}`.trim(),
  }
}
