import type { EventReading, Hydrated, Hydration, RawRequest } from '../adapter.ts'
import { fieldsOf, idOf, isFields, textOf, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoFromMs, isoOf } from '../read/times.ts'
import { dedupeKey, digestOf } from '../rules/dedupe.ts'
import { neutralEvent, type EventFacts } from '../rules/event.ts'
import { notEnded, readAnswer } from '../rules/hydrated.ts'
import { emitted, ignored, unreadable, wrongKind } from '../rules/reply.ts'
import { analysisOf, endOf, partiesOf, transcriptOf } from './call.ts'
import type { RetellOptions } from './options.ts'

export function readEvents(request: RawRequest, options: RetellOptions): EventReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const native = textOf(body['event']) ?? ''
  if (native === 'call_inbound') return wrongKind('call_inbound belongs to the pre-call address')
  const call = fieldsOf(body['call'])
  const callId = idOf(call['call_id'])
  if (callId === null) return ignored('the event names no call')
  const facts = factsOf(native, callId, call, options)
  if (facts === null) return ignored(`event type ${native || '(none)'} is not used`)
  const runId = idOf(fieldsOf(call['metadata'])['bookend_run_id'])
  const occurredAt = facts.occurredAt ?? isoOf(body['event_timestamp'])
  return emitted([neutralEvent('retell', request, { ...facts, callId, runId, occurredAt })])
}

type Facts = Pick<EventFacts, 'type' | 'key' | 'call' | 'transcript' | 'occurredAt' | 'callId'>

function factsOf(
  native: string,
  callId: string,
  call: Fields,
  { number_format: format }: RetellOptions,
): Facts | null {
  const key = dedupeKey('retell', callId, native)
  const parties = partiesOf(call, format)
  switch (native) {
    case 'call_started': {
      const occurredAt = parties.started_at ?? null
      const started = { ...parties, status: 'in_progress' } as const
      return { type: 'call.started', callId, key, call: started, occurredAt }
    }
    case 'transcript_updated': {
      const entries = transcriptOf(call) ?? []
      const said = digestOf(entries.map(({ role, text }) => [role, text]))
      const transcript = { mode: 'replace', final: false, entries } as const
      return { type: 'call.transcript_update', callId, key: `${key}:${said}`, transcript }
    }
    case 'call_ended': {
      const occurredAt = isoFromMs(call['end_timestamp'])
      const ended = { ...parties, ...endOf(call) }
      return { type: 'call.completed', callId, key, call: ended, occurredAt }
    }
    case 'call_analyzed': {
      const analyzed = { ...parties, ...endOf(call), ...analysisOf(call) }
      return { type: 'call.analyzed', callId, key, call: analyzed }
    }
    default:
      return null
  }
}

/** For a call whose end was never reported. */
export const hydrate: Hydration<RetellOptions> = {
  request: (callId, { api_key: key }) => ({
    method: 'GET',
    url: `https://api.retellai.com/v2/get-call/${encodeURIComponent(callId)}`,
    headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
  }),

  read: (answer, options) =>
    readAnswer(answer, (body): Hydrated => {
      if (isoFromMs(body['end_timestamp']) === null) return notEnded()
      const analyzed = isFields(body['call_analysis'])
      return {
        kind: 'call',
        call_id: idOf(body['call_id']),
        run_id: idOf(fieldsOf(body['metadata'])['bookend_run_id']),
        call: {
          ...partiesOf(body, options.number_format),
          ...endOf(body),
          ...(analyzed ? analysisOf(body) : {}),
        },
        analyzed,
      }
    }),
}
