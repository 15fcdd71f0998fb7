import type { EventReading, Hydrated, Hydration, RawRequest } from '../adapter.ts'
import type { NeutralCall } from '../neutral.ts'
import { fieldsOf, idOf, idsOf, isFields, textOf, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoFromSeconds } from '../read/times.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { neutralEvent } from '../rules/event.ts'
import { notEnded, readAnswer } from '../rules/hydrated.ts'
import { directionOf, readNumber } from '../rules/numbers.ts'
import { emitted, ignored, unreadable } from '../rules/reply.ts'
import { aliasesOf, analysisOf, callOf } from './conversation.ts'
import type { ElevenLabsOptions } from './options.ts'

export function readEvents(request: RawRequest, options: ElevenLabsOptions): EventReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const type = textOf(body['type']) ?? ''
  const data = fieldsOf(body['data'])
  const callId = idOf(data['conversation_id'])
  if (callId === null) return ignored('the event names no conversation')
  const at = isoFromSeconds(body['event_timestamp'])
  // The unredacted twin of a report repeats it word for word.
  if (type === 'post_call_transcription') return readReport(request, data, callId, at, options)
  if (type === 'call_initiation_failure') return readFailure(request, data, callId, at, options)
  return ignored(`event type ${type || '(none)'} is not used`)
}

function readReport(
  request: RawRequest,
  data: Fields,
  callId: string,
  at: string | null,
  options: ElevenLabsOptions,
): EventReading {
  const status = textOf(data['status']) ?? ''
  if (status !== 'done' && status !== 'failed') return ignored(`status ${status} is not final`)
  const key = dedupeKey('elevenlabs', callId, 'post_call_transcription')
  const aliases = aliasesOf(data)
  const call = callOf(data, options.number_format)
  const runId = idOf(call.params?.['bookend_run_id'])
  const base = { callId, aliases, runId }
  const completed = neutralEvent('elevenlabs', request, {
    ...base,
    type: 'call.completed',
    key,
    call,
    needsHydration: call.transcripts === undefined,
    occurredAt: call.ended_at ?? at,
  })
  const analysis = analysisOf(data)
  if (analysis === null) return emitted([completed])
  const analyzed = neutralEvent('elevenlabs', request, {
    ...base,
    type: 'call.analyzed',
    key: `${key}:analysis`,
    call: analysis,
    occurredAt: at,
  })
  return emitted([completed, analyzed])
}

/** An outbound call that never connected: the carrier's own words stand inside, as it sent them. */
function readFailure(
  request: RawRequest,
  data: Fields,
  callId: string,
  at: string | null,
  options: ElevenLabsOptions,
): EventReading {
  const reason = textOf(data['failure_reason'])
  const carrier = fieldsOf(fieldsOf(data['metadata'])['body'])
  const number = (name: string) => readNumber(carrier[name], options.number_format).number
  const call: NeutralCall = {
    from_number: number('From') ?? number('from_number'),
    to_number: number('To') ?? number('to_number'),
    direction: directionOf(carrier['Direction']) ?? 'outbound',
    agent: { id: idOf(data['agent_id']), name: null, version: null },
    ...endingOf(reason),
    ended_reason: reason,
  }
  const key = dedupeKey('elevenlabs', callId, 'call_initiation_failure')
  const aliases = idsOf(carrier['CallSid'])
  return emitted([
    neutralEvent('elevenlabs', request, {
      type: 'call.completed',
      callId,
      aliases,
      key,
      call,
      occurredAt: at,
    }),
  ])
}

function endingOf(reason: string | null): Pick<NeutralCall, 'status' | 'answered_by'> {
  if (reason === 'busy') return { status: 'busy' }
  if (reason === 'no-answer') return { status: 'no_answer', answered_by: 'no_answer' }
  return { status: 'failed' }
}

/** For a conversation whose report was never sent (retries are off by default) or left its turns out. */
export const hydrate: Hydration<ElevenLabsOptions> = {
  request: (callId, { api_key: key }) =>
    key === undefined
      ? null
      : {
          method: 'GET',
          url: `https://api.elevenlabs.io/v1/convai/conversations/${encodeURIComponent(callId)}`,
          headers: { 'xi-api-key': key, accept: 'application/json' },
        },

  read: (answer, options) =>
    readAnswer(answer, (body): Hydrated => {
      if (body['status'] !== 'done' && body['status'] !== 'failed') return notEnded()
      const call = callOf(body, options.number_format)
      const analysis = analysisOf(body)
      return {
        kind: 'call',
        call_id: idOf(body['conversation_id']),
        run_id: idOf(call.params?.['bookend_run_id']),
        call: { ...call, ...analysis },
        analyzed: analysis !== null,
      }
    }),
}
