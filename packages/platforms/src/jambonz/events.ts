import type { EventReading, RawRequest } from '../adapter.ts'
import type { NeutralCall, NeutralCallStatus, TranscriptEntry } from '../neutral.ts'
import {
  fieldsOf,
  idOf,
  idsOf,
  isFields,
  numberOf,
  secondsOf,
  textOf,
  type Fields,
} from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { dedupeKey, digestOf } from '../rules/dedupe.ts'
import { neutralEvent, type EventFacts } from '../rules/event.ts'
import { directionOf, readNumber } from '../rules/numbers.ts'
import { emitted, ignored, jsonReply, unreadable } from '../rules/reply.ts'
import type { JambonzOptions } from './options.ts'

const ENDINGS: ReadonlyMap<string, NeutralCallStatus> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['failed', 'failed'],
])
const SIP_DECLINED = 603

/** Status webhooks and the hooks of an agent's verbs come to the same address. */
export function readEvents(request: RawRequest, options: JambonzOptions): EventReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const callId = idOf(body['call_sid'])
  if (callId === null) return ignored('the body names no call')
  const type = textOf(body['type'])
  const native = textOf(body['call_status'])
  if (idOf(body['parent_call_sid']) !== null) {
    return ignored('a dialled leg does not speak for the call')
  }
  const base = {
    callId,
    aliases: idsOf(body['call_id']),
    runId: idOf(fieldsOf(body['customerData'])['bookend_run_id']),
  }
  const emit = (facts: Omit<EventFacts, 'callId'>) =>
    emitted([neutralEvent('jambonz', request, { ...base, ...facts })])
  if (type === 'turn_end') {
    const entries = turnOf(body)
    if (entries.length === 0) return ignored('the turn has no words')
    const key = dedupeKey('jambonz', callId, 'turn_end', turnKey(body, entries))
    const transcript = { mode: 'append', final: true, entries } as const
    return emit({ type: 'call.transcript_update', key, transcript })
  }
  if (native === null || type !== null) {
    // A verb's own hook waits for what to do next: nothing more.
    return ignored('the hook of a verb starts nothing', { reply: jsonReply([]) })
  }
  const key = dedupeKey('jambonz', callId, native)
  const parties = partiesOf(body, options)
  if (native === 'in-progress') {
    return emit({ type: 'call.started', key, call: { ...parties, status: 'in_progress' } })
  }
  const status = ENDINGS.get(native)
  if (status === undefined) return ignored(`status ${native} is not used`)
  return emit({ type: 'call.completed', key, call: { ...parties, ...endOf(body, status) } })
}

function partiesOf(body: Fields, { number_format: format }: JambonzOptions): NeutralCall {
  const direction = directionOf(body['direction'])
  return {
    from_number: readNumber(body['from'], format).number,
    to_number: readNumber(body['to'], format).number,
    ...(direction === null ? {} : { direction }),
  }
}

function endOf(body: Fields, status: NeutralCallStatus): NeutralCall {
  const sipStatus = numberOf(body['sip_status'])
  const sipReason = textOf(body['sip_reason']) ?? ''
  const sip =
    sipStatus === null || sipStatus === 200 ? null : `${String(sipStatus)} ${sipReason}`.trim()
  const duration = secondsOf(body['duration'])
  const isDeclined = status === 'failed' && sipStatus === SIP_DECLINED
  return {
    status: isDeclined ? 'rejected' : status,
    ...(status === 'no_answer' ? { answered_by: 'no_answer' } : {}),
    ended_reason: textOf(body['call_termination_by']) ?? sip,
    ...(duration === null ? {} : { duration }),
  }
}

/** Both sides of one turn. */
function turnOf(body: Fields): readonly TranscriptEntry[] {
  const entry = (role: TranscriptEntry['role'], name: string): readonly TranscriptEntry[] => {
    const text = textOf(body[name])
    return text === null ? [] : [{ role, text, timestamp: null, offset_ms: null }]
  }
  return [...entry('user', 'transcript'), ...entry('agent', 'response')]
}

/** A turn has no id; its latencies tell two turns of the same words apart, and a retry repeats them. */
const turnKey = (body: Fields, entries: readonly TranscriptEntry[]): string =>
  digestOf(
    entries.map(({ role, text }) => [role, text]),
    body['latency'],
    body['interrupted'],
  )
