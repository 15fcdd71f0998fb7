import type { Json } from '@bookend/contract'
import type { EventReading, Hydrated, Hydration, RawRequest } from '../adapter.ts'
import type { NeutralCall, NeutralCallStatus } from '../neutral.ts'
import { idOf, idsOf, jsonOf, recordOf, secondsOf, textOf } from '../read/fields.ts'
import { parseForm, type Form } from '../read/form.ts'
import { isoFromText } from '../read/times.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { callNote, neutralEvent } from '../rules/event.ts'
import { notEnded, readAnswer } from '../rules/hydrated.ts'
import { directionOf, readNumber } from '../rules/numbers.ts'
import { emitted, ignored, xmlReply } from '../rules/reply.ts'
import type { TwilioOptions } from './options.ts'
import { restRequest } from './rest.ts'
import { element, escapeXml, twiml } from './xml.ts'

const ENDINGS: ReadonlyMap<string, NeutralCallStatus> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['canceled', 'no_answer'],
  ['failed', 'failed'],
])

export function readEvents(request: RawRequest, options: TwilioOptions): EventReading {
  const form = parseForm(request.body)
  const callId = idOf(form.get('CallSid'))
  if (callId === null) return ignored('the form has no CallSid')
  if (form.has('SessionId') || form.has('SessionStatus')) {
    return readRelayEnd(request, form, callId, options)
  }
  if (form.has('RecordingSid')) return readRecording(request, form, callId)
  if (idOf(form.get('ParentCallSid')) !== null) {
    return ignored('a dialled leg does not speak for the call')
  }
  return readStatus(request, form, callId, options)
}

/** A conversation's socket has closed. The call itself may go on, so the answer is what it does next. */
function readRelayEnd(
  request: RawRequest,
  form: Form,
  callId: string,
  options: TwilioOptions,
): EventReading {
  const session = idOf(form.get('SessionId')) ?? ''
  const text = textOf(form.get('HandoffData'))
  const key = dedupeKey('twilio', callId, 'relay', session, 'ended')
  const handoff = text === null ? null : jsonOf(text)
  const target = findTarget(form, handoff, options)
  const call = {
    ...(handoff === null ? {} : { handoff }),
    ...(target === null ? {} : { transferred: true }),
  }
  // Where Bookend itself has hung up, its end is known, should no status tell of it.
  const ends = target === null && options.relay !== undefined
  const aliases = [...idsOf(session), ...placedIds(request)]
  const note = callNote(request, { callId, aliases, key, call, ends })
  const verb = target === null ? '<Hangup/>' : element('Dial', {}, escapeXml(target))
  const reply = xmlReply(twiml(verb))
  return ignored('the status callback completes the call', { notes: [note], reply })
}

/** The number that Bookend's agent gave the call to by name; of a socket that broke, its rescue. */
function findTarget(form: Form, handoff: Json, { relay }: TwilioOptions): string | null {
  if (relay === undefined) return null
  const data = recordOf(handoff)
  // A caller who hung up ends the session too, and needs nobody.
  const isBroken = data === undefined && form.get('SessionStatus') === 'failed'
  const name = data?.['bookend'] === 'transfer' ? data['target'] : isBroken ? relay.rescue : null
  if (typeof name !== 'string' || !Object.hasOwn(relay.transfer_to, name)) return null
  return relay.transfer_to[name] ?? null
}

/** Our id of a call that we placed: it is in the address that its events come to. */
function placedIds({ url }: RawRequest): readonly string[] {
  const [, id] = /[?&]bookend_call=([0-9a-f-]{36})(?:&|#|$)/.exec(url) ?? []
  return id === undefined ? [] : [id]
}

function readRecording(request: RawRequest, form: Form, callId: string): EventReading {
  const url = textOf(form.get('RecordingUrl'))
  if (url === null) return ignored('the recording has no address yet')
  const key = dedupeKey('twilio', callId, 'recording', idOf(form.get('RecordingSid')) ?? '')
  const note = callNote(request, { callId, key, call: { recording_presigned_url: url } })
  return ignored('a recording adds to the call', { notes: [note] })
}

function readStatus(
  request: RawRequest,
  form: Form,
  callId: string,
  { number_format: format }: TwilioOptions,
): EventReading {
  const native = form.get('CallStatus') ?? ''
  const key = dedupeKey('twilio', callId, 'status', native)
  const at = isoFromText(form.get('Timestamp'))
  const aliases = placedIds(request)
  const direction = directionOf(form.get('Direction'))
  const base: NeutralCall = {
    from_number: readNumber(form.get('From'), format).number,
    to_number: readNumber(form.get('To'), format).number,
    ...(direction === null ? {} : { direction }),
  }
  const answeredBy = answererOf(form.get('AnsweredBy'))
  if (native === 'in-progress') {
    const call = { ...base, ...answeredBy, status: 'in_progress', started_at: at } as const
    const type = 'call.started'
    const started = { type, callId, aliases, key, call, occurredAt: at } as const
    return emitted([neutralEvent('twilio', request, started)])
  }
  const status = ENDINGS.get(native)
  if (status === undefined) {
    if (answeredBy.answered_by === undefined) return ignored(`status ${native} is not used`)
    const note = callNote(request, { callId, aliases, key, call: answeredBy, occurredAt: at })
    return ignored('who answered adds to the call', { notes: [note] })
  }
  const duration = secondsOf(form.get('CallDuration'))
  const call: NeutralCall = {
    ...base,
    ...(status === 'no_answer' ? { answered_by: 'no_answer' } : answeredBy),
    status,
    ended_reason: native,
    ended_at: at,
    ...(duration === null ? {} : { duration }),
  }
  const type = 'call.completed'
  const ended = { type, callId, aliases, key, call, occurredAt: at } as const
  return emitted([neutralEvent('twilio', request, ended)])
}

function answererOf(word: string | undefined): Pick<NeutralCall, 'answered_by'> {
  if (word === undefined || word === '') return {}
  if (word.startsWith('machine_')) return { answered_by: 'voicemail' }
  return { answered_by: word === 'human' ? 'human' : 'unknown' }
}

/** For a call whose end was never reported. */
export const hydrate: Hydration<TwilioOptions> = {
  request: (callId, options) => restRequest(options, `Calls/${encodeURIComponent(callId)}`),

  read: (answer, { number_format: format }) =>
    readAnswer(answer, (body): Hydrated => {
      const native = textOf(body['status']) ?? ''
      const ending = ENDINGS.get(native)
      if (ending === undefined) return notEnded()
      const direction = directionOf(body['direction'])
      const duration = secondsOf(body['duration'])
      const call: NeutralCall = {
        from_number: readNumber(body['from'], format).number,
        to_number: readNumber(body['to'], format).number,
        ...(direction === null ? {} : { direction }),
        status: ending,
        ended_reason: native,
        started_at: isoFromText(body['start_time']),
        ended_at: isoFromText(body['end_time']),
        ...(duration === null ? {} : { duration }),
      }
      return { kind: 'call', call_id: idOf(body['sid']), run_id: null, call, analyzed: false }
    }),
}
