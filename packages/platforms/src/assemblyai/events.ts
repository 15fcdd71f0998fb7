import type { EventReading, RawRequest } from '../adapter.ts'
import type { NeutralCall } from '../neutral.ts'
import { idOf, idsOf, isFields, secondsOf, textOf, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoOf } from '../read/times.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { callNote, neutralEvent, type EventFacts } from '../rules/event.ts'
import { emitted, ignored, unreadable } from '../rules/reply.ts'

/** The names of events are published; where their fields stand is not, so several places are read. */
export function readEvents(request: RawRequest): EventReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const native = textOf(body['event']) ?? textOf(body['type']) ?? textOf(body['event_type']) ?? ''
  const data = dataOf(body)
  const session = idOf(data['session_id'])
  const phoneCall = idOf(data['call_id'])
  const callId = phoneCall ?? session
  if (callId === null) return ignored('the event names no call')
  const eventId = idOf(body['id']) ?? idOf(body['event_id'])
  const base = {
    callId,
    aliases: idsOf(session),
    eventId,
    key: dedupeKey('assemblyai', ...(eventId === null ? [callId, native] : [eventId])),
    occurredAt: isoOf(body['created_at'] ?? body['timestamp']),
  }
  const emit = (facts: Omit<EventFacts, 'callId' | 'key'>) =>
    emitted([neutralEvent('assemblyai', request, { ...base, ...facts })])
  const known = knownOf(data)
  const at = base.occurredAt
  switch (native) {
    case 'call.connected': {
      const call = { ...known, status: 'in_progress', started_at: at } as const
      return emit({ type: 'call.started', call })
    }
    case 'call.ended': {
      const call = { ...known, status: 'completed', ended_at: at } as const
      return emit({ type: 'call.completed', call, needsHydration: true })
    }
    case 'call.failed': {
      const call = { ...known, status: 'failed', ended_at: at } as const
      return emit({ type: 'call.completed', call })
    }
    case 'session.completed': {
      if (phoneCall !== null) {
        const note = callNote(request, { ...base, call: known, ends: true })
        return ignored('call.ended completes a phone call', { notes: [note] })
      }
      const call = { ...known, status: 'completed', ended_at: at } as const
      return emit({ type: 'call.completed', call, needsHydration: true })
    }
    default:
      return ignored(`event ${native || '(none)'} is not used`)
  }
}

function dataOf(body: Fields): Fields {
  if (isFields(body['data'])) return body['data']
  return isFields(body['payload']) ? body['payload'] : body
}

function knownOf(data: Fields): NeutralCall {
  const agentId = idOf(data['agent_id'])
  const reason = textOf(data['close_reason']) ?? textOf(data['reason'])
  const duration = secondsOf(data['duration_seconds'] ?? data['duration'])
  return {
    ...(agentId === null ? {} : { agent: { id: agentId, name: null, version: null } }),
    ...(reason === null ? {} : { ended_reason: reason }),
    ...(duration === null ? {} : { duration }),
  }
}
