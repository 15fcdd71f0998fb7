// The event envelope that Bookend and Simple AI share: `{event_type, event_id, payload}`. It may be
// thin (ids only) or carry the call inline.

import type { EventReading, RawRequest } from '../adapter.ts'
import type { NeutralEventType, PlatformId } from '../neutral.ts'
import { fieldsOf, idOf, isFields, numberOf } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoOf } from '../read/times.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { neutralEvent } from '../rules/event.ts'
import { emitted, ignored, unreadable } from '../rules/reply.ts'
import { readCallRecord } from './neutral-call.ts'

const TYPES: ReadonlyMap<string, NeutralEventType> = new Map([
  ['call.started', 'call.started'],
  ['call.transcript_update', 'call.transcript_update'],
  ['transcript.updated', 'call.transcript_update'],
  ['call.completed', 'call.completed'],
  ['call.analyzed', 'call.analyzed'],
])

export function readEnvelope(platform: PlatformId, request: RawRequest): EventReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const native = idOf(body['event_type']) ?? ''
  const type = TYPES.get(native)
  if (type === undefined) return ignored(`event type ${native || '(none)'} is not used`)
  const payload = fieldsOf(body['payload'])
  const callId = idOf(payload['call_id'])
  if (callId === null) return ignored('the event names no call')
  const attempt = Math.max(1, Math.trunc(numberOf(payload['attempt']) ?? 1))
  const eventId = idOf(body['event_id'])
  // Older envelopes have no id; of one call, only transcripts are updated more than once.
  const parts = type === 'call.transcript_update' ? [callId, type, String(attempt)] : [callId, type]
  const record = payload['call']
  const call = isFields(record) ? readCallRecord(record) : undefined
  const event = neutralEvent(platform, request, {
    type,
    callId,
    eventId,
    attempt,
    key: eventId === null ? dedupeKey(platform, ...parts) : dedupeKey(platform, eventId),
    call,
    ...(type === 'call.transcript_update' ? { transcript: updateOf(call) } : {}),
    runId: idOf(call?.params?.['bookend_run_id']),
    needsHydration: call === undefined,
    occurredAt: isoOf(body['created_at']) ?? null,
  })
  return emitted([event])
}

function updateOf(call: ReturnType<typeof readCallRecord> | undefined) {
  const entries = call?.transcripts
  return entries === undefined
    ? { mode: 'fetch' as const, final: false, entries: [] }
    : { mode: 'replace' as const, final: false, entries }
}
