import type { EventReading, Hydrated, Hydration, RawRequest } from '../adapter.ts'
import type { AnalysisResult, NeutralCall, TranscriptEntry } from '../neutral.ts'
import {
  booleanOf,
  idOf,
  isFields,
  listOf,
  numberOf,
  recordOf,
  secondsOf,
  textOf,
  type Fields,
} from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { addSeconds, isoFromText } from '../read/times.ts'
import { dedupeKey, digestOf } from '../rules/dedupe.ts'
import { neutralEvent } from '../rules/event.ts'
import { notEnded, readAnswer } from '../rules/hydrated.ts'
import { readNumber, type NumberFormat } from '../rules/numbers.ts'
import { emitted, ignored, unreadable } from '../rules/reply.ts'
import { roleOf } from '../rules/roles.ts'
import type { BlandOptions } from './options.ts'

export function readEvents(request: RawRequest, options: BlandOptions): EventReading {
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const callId = idOf(body['call_id']) ?? idOf(body['c_id'])
  if (callId === null) return ignored('the delivery names no call')
  // What the platform says during a call has another form than the call itself.
  if (!isCall(body)) return ignored('events during a call are not used')
  const call = callOf(body, options.number_format)
  const runId = idOf(call.params?.['bookend_run_id'])
  const completed = neutralEvent('bland', request, {
    type: 'call.completed',
    callId,
    key: dedupeKey('bland', callId, 'post-call'),
    call,
    runId,
    occurredAt: call.ended_at ?? null,
  })
  const analysis = analysisOf(body)
  if (analysis === null) return emitted([completed])
  // Sent again with an analysis added, it is another one; sent again as it was, the same.
  const content = digestOf(body['analysis'], body['summary'])
  const analyzed = neutralEvent('bland', request, {
    type: 'call.analyzed',
    callId,
    key: dedupeKey('bland', callId, 'analysis', content),
    call: analysis,
    runId,
  })
  return emitted([completed, analyzed])
}

const isCall = (body: Fields): boolean =>
  ['completed', 'call_length', 'corrected_duration', 'queue_status'].some((name) => name in body)

function callOf(body: Fields, format: NumberFormat): NeutralCall {
  const inbound = booleanOf(body['inbound'])
  const startedAt = isoFromText(body['started_at'])
  const duration = durationOf(body)
  const params = recordOf(body['variables'])
  const recording = textOf(body['recording_url'])
  const { transcripts } = body
  return {
    from_number: readNumber(body['from'], format).number,
    to_number: readNumber(body['to'], format).number,
    ...(inbound === null ? {} : { direction: inbound ? 'inbound' : 'outbound' }),
    ...endingOf(body),
    transferred: textOf(body['transferred_to']) !== null,
    started_at: startedAt,
    ended_at: isoFromText(body['end_at']) ?? addSeconds(startedAt, duration),
    ...(duration === null ? {} : { duration }),
    ...(params === undefined ? {} : { params }),
    ...(recording === null ? {} : { recording_presigned_url: recording }),
    ...(Array.isArray(transcripts)
      ? { transcripts: listOf(transcripts).filter(isFields).map(entryOf) }
      : {}),
  }
}

/** `call_length` counts minutes; the other is seconds as text, and the better one. */
function durationOf(body: Fields): number | null {
  const minutes = numberOf(body['call_length'])
  return (
    secondsOf(body['corrected_duration']) ?? (minutes === null ? null : secondsOf(minutes * 60))
  )
}

function endingOf(body: Fields): Pick<NeutralCall, 'status' | 'answered_by' | 'ended_reason'> {
  const error = textOf(body['error_message'])
  const by = textOf(body['call_ended_by'])
  if (body['completed'] === false && error !== null) {
    return { status: 'failed', answered_by: 'unknown', ended_reason: error }
  }
  switch (textOf(body['answered_by']) ?? '') {
    case 'human':
      return { status: 'completed', answered_by: 'human', ended_reason: by }
    case 'voicemail':
      return { status: 'completed', answered_by: 'voicemail', ended_reason: by }
    case 'no-answer':
      return { status: 'no_answer', answered_by: 'no_answer', ended_reason: by }
    default:
      return { status: 'completed', answered_by: 'unknown', ended_reason: by }
  }
}

const entryOf = (turn: Fields): TranscriptEntry => ({
  role: roleOf(turn['user']),
  text: typeof turn['text'] === 'string' ? turn['text'] : '',
  timestamp: isoFromText(turn['created_at']),
  offset_ms: null,
})

function analysisOf(body: Fields): NeutralCall | null {
  const summary = textOf(body['summary'])
  const { analysis } = body
  if (summary === null && !isFields(analysis)) return null
  const results: AnalysisResult[] = isFields(analysis)
    ? Object.entries(analysis).map(([name, result]) => ({ name, result }))
    : []
  return { summary, analysis_results: results }
}

/** For a call whose delivery never came; its history and `resend` are in the same API. */
export const hydrate: Hydration<BlandOptions> = {
  request: (callId, { api_key: key }) =>
    key === undefined
      ? null
      : {
          method: 'GET',
          url: `https://api.bland.ai/v1/calls/${encodeURIComponent(callId)}`,
          headers: { authorization: key, accept: 'application/json' },
        },

  read: (answer, options) =>
    readAnswer(answer, (body): Hydrated => {
      if (body['completed'] !== true && textOf(body['error_message']) === null) return notEnded()
      const call = callOf(body, options.number_format)
      const analysis = analysisOf(body)
      return {
        kind: 'call',
        call_id: idOf(body['call_id']),
        run_id: idOf(call.params?.['bookend_run_id']),
        call: { ...call, ...analysis },
        analyzed: analysis !== null,
      }
    }),
}
