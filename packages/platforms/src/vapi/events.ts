import type { EventReading, Hydrated, Hydration, RawRequest } from '../adapter.ts'
import type { NeutralCall } from '../neutral.ts'
import { idOf, textOf } from '../read/fields.ts'
import { isoOf } from '../read/times.ts'
import { dedupeKey, digestOf } from '../rules/dedupe.ts'
import { callNote, neutralEvent } from '../rules/event.ts'
import { notEnded, readAnswer } from '../rules/hydrated.ts'
import { emitted, ignored, jsonReply, unreadable, wrongKind } from '../rules/reply.ts'
import { roleOf } from '../rules/roles.ts'
import { partiesOf, readMessage, type Message } from './message.ts'
import type { VapiOptions } from './options.ts'
import { analysisOf, reportOf } from './report.ts'

type Known = Message & { readonly callId: string }

export function readEvents(request: RawRequest, options: VapiOptions): EventReading {
  const message = readMessage(request.body)
  if (message === null) return unreadable('the body has no message')
  const { type, callId } = message
  if (type === 'assistant-request') return wrongKind(`${type} belongs to the pre-call address`)
  // These wait for an answer, and get one that does nothing.
  if (type === 'tool-calls') {
    return ignored('tools are not served here', { reply: jsonReply({ results: [] }) })
  }
  if (callId === null) return ignored('the message names no call')
  const known = { ...message, callId }
  switch (type) {
    case 'status-update':
      return readStatus(request, known, options)
    case 'transcript':
    case 'transcript[transcriptType="final"]':
      return readTranscript(request, known)
    case 'end-of-call-report':
      return readReport(request, known, options)
    default:
      return ignored(`message type ${type || '(none)'} is not used`)
  }
}

function baseOf(message: Known, options: VapiOptions): NeutralCall {
  const { from_number, to_number, direction } = partiesOf(message, options.number_format)
  const agent = { id: idOf(message.call['assistantId']), name: null, version: null }
  return { from_number, to_number, direction, agent }
}

function readStatus(request: RawRequest, message: Known, options: VapiOptions): EventReading {
  const { fields, call, callId } = message
  const status = textOf(fields['status']) ?? ''
  const key = dedupeKey('vapi', callId, 'status-update', status)
  const occurredAt = isoOf(fields['timestamp'])
  const base = baseOf(message, options)
  if (status === 'in-progress') {
    const startedAt = isoOf(call['startedAt']) ?? occurredAt
    const started = { ...base, status: 'in_progress', started_at: startedAt } as const
    return emitted([
      neutralEvent('vapi', request, {
        type: 'call.started',
        callId,
        key,
        call: started,
        occurredAt: startedAt,
      }),
    ])
  }
  if (status !== 'ended') return ignored(`status ${status || '(none)'} is not used`)
  const reason = textOf(fields['endedReason'])
  const known = { ...base, ...(reason === null ? {} : { ended_reason: reason }) }
  const note = callNote(request, { callId, key, call: known, ends: true, occurredAt })
  return ignored('the report that follows completes the call', { notes: [note] })
}

function readTranscript(request: RawRequest, { fields, callId, type }: Known): EventReading {
  const text = textOf(fields['transcript'])
  if (text === null) return ignored('the transcript is empty')
  const final = fields['transcriptType'] === 'final' || type !== 'transcript'
  const role = roleOf(fields['role'])
  const timestamp = isoOf(fields['timestamp'])
  const key = dedupeKey('vapi', callId, 'transcript', digestOf(role, timestamp, text, final))
  const entries = [{ role, text, timestamp, offset_ms: null }]
  const transcript = { mode: 'append', final, entries } as const
  return emitted([
    neutralEvent('vapi', request, {
      type: 'call.transcript_update',
      callId,
      key,
      transcript,
      occurredAt: timestamp,
    }),
  ])
}

function readReport(request: RawRequest, message: Known, options: VapiOptions): EventReading {
  const { fields, call, callId } = message
  // Links in a report are signed anew for each try: only its call and kind recognise it.
  const key = dedupeKey('vapi', callId, 'end-of-call-report')
  const ended = { ...baseOf(message, options), ...reportOf(fields, call) }
  const occurredAt = ended.ended_at ?? isoOf(fields['timestamp'])
  const completed = neutralEvent('vapi', request, {
    type: 'call.completed',
    callId,
    key,
    call: ended,
    occurredAt,
  })
  const analysis = analysisOf(fields)
  if (analysis === null) return emitted([completed])
  const analyzed = neutralEvent('vapi', request, {
    type: 'call.analyzed',
    callId,
    key: `${key}:analysis`,
    call: analysis,
    occurredAt: isoOf(fields['timestamp']),
  })
  return emitted([completed, analyzed])
}

/** For a call whose report never came: without a backoff plan, the platform sends it once. */
export const hydrate: Hydration<VapiOptions> = {
  request: (callId, { api_key: key }) =>
    key === undefined
      ? null
      : {
          method: 'GET',
          url: `https://api.vapi.ai/call/${encodeURIComponent(callId)}`,
          headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
        },

  read: (answer, options) =>
    readAnswer(answer, (body): Hydrated => {
      if (isoOf(body['endedAt']) === null) return notEnded()
      const callId = idOf(body['id'])
      const analysis = analysisOf(body)
      const message = { type: '', fields: body, call: body, callId: callId ?? '' }
      return {
        kind: 'call',
        call_id: callId,
        run_id: null,
        call: { ...baseOf(message, options), ...reportOf(body, body), ...analysis },
        analyzed: analysis !== null,
      }
    }),
}
