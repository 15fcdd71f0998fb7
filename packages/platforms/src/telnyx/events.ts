import type { EventReading, Hydrated, Hydration, RawRequest } from '../adapter.ts'
import type { NeutralCall } from '../neutral.ts'
import { fieldsOf, idOf, idsOf, isFields, listOf, secondsOf, textOf } from '../read/fields.ts'
import { isoFromText } from '../read/times.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { callNote, neutralEvent, type EventFacts } from '../rules/event.ts'
import { readAnswer } from '../rules/hydrated.ts'
import { directionOf, readNumber, type NumberFormat } from '../rules/numbers.ts'
import { emitted, ignored, unreadable, wrongKind } from '../rules/reply.ts'
import { roleOf } from '../rules/roles.ts'
import { readDelivery, type Delivery } from './delivery.ts'
import type { TelnyxOptions } from './options.ts'

export function readEvents(request: RawRequest, options: TelnyxOptions): EventReading {
  const delivery = readDelivery(request.body)
  if (delivery === null) return unreadable('the body has no data')
  const { type, payload } = delivery
  if (type === 'assistant.initialization') {
    return wrongKind(`${type} belongs to the pre-call address`)
  }
  const session = idOf(payload['call_session_id'])
  const control = idOf(payload['call_control_id'])
  const callId = session ?? control
  if (callId === null) return ignored('the event names no call')
  const base = {
    callId,
    aliases: idsOf(control, payload['call_leg_id'], payload['conversation_id']),
    eventId: delivery.id,
    key: dedupeKey('telnyx', delivery.id ?? `${callId}:${type}`),
    attempt: delivery.attempt,
    occurredAt: delivery.occurredAt,
  }
  const parties = partiesOf(delivery, options.number_format)
  const emit = (facts: Omit<EventFacts, 'callId' | 'key'>) =>
    emitted([neutralEvent('telnyx', request, { ...base, ...facts })])
  switch (type) {
    case 'call.answered': {
      const call = { ...parties, status: 'in_progress', started_at: delivery.occurredAt } as const
      return emit({ type: 'call.started', call })
    }
    case 'call.transcription': {
      const transcript = transcriptionOf(delivery)
      if (transcript === null) return ignored('the transcript is empty')
      return emit({ type: 'call.transcript_update', transcript })
    }
    case 'call.conversation.ended': {
      // It has no text: the conversation is fetched before a journey reads it.
      const call = { ...parties, ...endedOf(delivery) }
      const fetchId = idOf(payload['conversation_id'])
      return emit({ type: 'call.completed', call, needsHydration: fetchId !== null, fetchId })
    }
    case 'call.conversation_insights.generated': {
      const call = insightsOf(delivery)
      return call === null
        ? ignored('there are no insights')
        : emit({ type: 'call.analyzed', call })
    }
    case 'call.hangup': {
      const note = callNote(request, {
        ...base,
        call: { ...parties, ...hungUp(delivery) },
        ends: true,
      })
      return ignored('the end of the conversation completes the call', { notes: [note] })
    }
    case 'call.initiated': {
      const note = callNote(request, { ...base, call: parties })
      return ignored('the call is not answered yet', { notes: [note] })
    }
    default:
      return ignored(`event type ${type || '(none)'} is not used`)
  }
}

function partiesOf({ payload }: Delivery, format: NumberFormat): NeutralCall {
  const direction = directionOf(payload['direction'])
  const agentId = idOf(payload['assistant_id'])
  return {
    ...('from' in payload ? { from_number: readNumber(payload['from'], format).number } : {}),
    ...('to' in payload ? { to_number: readNumber(payload['to'], format).number } : {}),
    ...(direction === null ? {} : { direction }),
    ...(agentId === null ? {} : { agent: { id: agentId, name: null, version: null } }),
  }
}

function transcriptionOf({ payload, occurredAt }: Delivery) {
  const data = fieldsOf(payload['transcription_data'])
  const text = textOf(data['transcript'])
  if (text === null) return null
  const role = roleOf(data['transcription_track'] === 'outbound' ? 'agent' : 'user')
  return {
    mode: 'append' as const,
    final: data['is_final'] === true,
    entries: [{ role, text, timestamp: occurredAt, offset_ms: null }],
  }
}

function endedOf({ payload, occurredAt }: Delivery): NeutralCall {
  const duration = secondsOf(payload['duration_sec'])
  return {
    status: 'completed',
    ended_reason: textOf(payload['reason']),
    ended_at: occurredAt,
    ...(duration === null ? {} : { duration }),
  }
}

function insightsOf({ payload }: Delivery): NeutralCall | null {
  const results = listOf(payload['results']).flatMap((one) => {
    const { insight_id: id, result } = fieldsOf(one)
    const name = idOf(id)
    return name === null || result === undefined ? [] : [{ name, result }]
  })
  return results.length === 0 ? null : { analysis_results: results }
}

const HANG_UPS: ReadonlyMap<string, NeutralCall['status'] & string> = new Map([
  ['originator_cancel', 'no_answer'],
  ['no_answer', 'no_answer'],
  ['timeout', 'no_answer'],
  ['user_busy', 'busy'],
  ['call_rejected', 'rejected'],
])

/** A leg that was added by a transfer hangs up without ending the call: its session goes on. */
function hungUp({ payload, occurredAt }: Delivery): NeutralCall {
  const reason = textOf(payload['hangup_cause'])
  return {
    status: HANG_UPS.get(reason ?? '') ?? 'completed',
    ended_reason: reason,
    ended_at: isoFromText(payload['end_time']) ?? occurredAt,
  }
}

/** The conversation's turns, newest last. */
export const hydrate: Hydration<TelnyxOptions> = {
  request: (conversationId, { api_key: key }) =>
    key === undefined
      ? null
      : {
          method: 'GET',
          url: `https://api.telnyx.com/v2/ai/conversations/${encodeURIComponent(conversationId)}/messages?page[size]=250`,
          headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
        },

  read: (answer) =>
    readAnswer(answer, (body): Hydrated => {
      const turns = listOf(body['data']).filter(isFields)
      const transcripts = turns
        .map((turn) => ({
          role: roleOf(turn['role']),
          text: textOf(turn['text']) ?? textOf(turn['content']) ?? '',
          timestamp: isoFromText(turn['sent_at'] ?? turn['created_at']),
          offset_ms: null,
        }))
        .toSorted((a, b) => (a.timestamp ?? '').localeCompare(b.timestamp ?? ''))
      return { kind: 'call', call_id: null, run_id: null, call: { transcripts }, analyzed: false }
    }),
}
