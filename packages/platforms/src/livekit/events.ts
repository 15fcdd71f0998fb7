import type { EventReading, RawRequest } from '../adapter.ts'
import type { NeutralCall } from '../neutral.ts'
import { fieldsOf, idOf, idsOf, isFields, listOf, textOf, type Fields } from '../read/fields.ts'
import { parseJsonBody } from '../read/json.ts'
import { isoFromNanoseconds, isoFromSeconds } from '../read/times.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { callNote, neutralEvent } from '../rules/event.ts'
import { directionOf, readNumber } from '../rules/numbers.ts'
import { emitted, ignored, unreadable } from '../rules/reply.ts'
import { readEnvelope } from '../wire/envelope.ts'
import type { LiveKitOptions } from './options.ts'
import { isAgentPost } from './verify.ts'

/** `kind` of a participant that is a telephone, by name or by number. */
const SIP = new Set<unknown>(['SIP', 3, '3'])

export function readEvents(request: RawRequest, options: LiveKitOptions): EventReading {
  if (isAgentPost(request)) return readEnvelope('livekit', request)
  const body = parseJsonBody(request.body)
  if (!isFields(body)) return unreadable()
  const native = textOf(body['event']) ?? ''
  const eventId = idOf(body['id'])
  if (native === 'egress_ended') return readEgress(request, body, eventId)
  const room = fieldsOf(body['room'])
  const callId = idOf(room['sid']) ?? idOf(room['name'])
  if (callId === null) return ignored('the event names no room')
  const occurredAt = isoFromSeconds(body['createdAt'])
  const participant = fieldsOf(body['participant'])
  const sip = fieldsOf(participant['attributes'])
  const base = {
    callId,
    aliases: idsOf(room['name'], sip['sip.callID']),
    eventId,
    key: dedupeKey('livekit', eventId ?? `${callId}:${native}`),
    occurredAt,
  }
  const isPhone = SIP.has(participant['kind'])
  switch (native) {
    case 'participant_joined': {
      if (!isPhone) return ignored('a participant that is no telephone starts nothing')
      const startedAt = isoFromSeconds(participant['joinedAt']) ?? occurredAt
      const call = {
        ...partiesOf(sip, options),
        status: 'in_progress',
        started_at: startedAt,
      } as const
      const event = { ...base, type: 'call.started', call, occurredAt: startedAt } as const
      return emitted([neutralEvent('livekit', request, event)])
    }
    case 'participant_left': {
      if (!isPhone) return ignored('a participant that is no telephone ends nothing')
      const reason = textOf(participant['disconnectReason'])
      const known = reason === null ? {} : { ended_reason: reason }
      const call = { ...partiesOf(sip, options), ...known }
      const note = callNote(request, { ...base, call, ends: true })
      return ignored('the end of the room completes the call', { notes: [note] })
    }
    case 'room_finished': {
      const call = { status: 'completed', ended_at: occurredAt } as const
      const event = { ...base, type: 'call.completed', call } as const
      return emitted([neutralEvent('livekit', request, event)])
    }
    default:
      return ignored(`event ${native || '(none)'} is not used`)
  }
}

function partiesOf(sip: Fields, { number_format: format }: LiveKitOptions): NeutralCall {
  const farSide = readNumber(sip['sip.phoneNumber'], format).number
  const ownSide = readNumber(sip['sip.trunkPhoneNumber'], format).number
  return directionOf(sip['sip.callDirection']) === 'outbound'
    ? { from_number: ownSide, to_number: farSide, direction: 'outbound' }
    : { from_number: farSide, to_number: ownSide, direction: 'inbound' }
}

/** A recording is finished: it belongs to the room’s call and starts nothing. */
function readEgress(request: RawRequest, body: Fields, eventId: string | null): EventReading {
  const egress = fieldsOf(body['egressInfo'])
  const callId = idOf(egress['roomId']) ?? idOf(egress['roomName'])
  const [file] = listOf(egress['fileResults'])
  const location = textOf(fieldsOf(file)['location'])
  if (callId === null || location === null) return ignored('the recording has no room or address')
  const note = callNote(request, {
    callId,
    aliases: idsOf(egress['roomName']),
    key: dedupeKey('livekit', eventId ?? `${callId}:egress_ended`),
    call: { recording_presigned_url: location },
    occurredAt: isoFromNanoseconds(egress['endedAt']),
  })
  return ignored('a recording adds to the call', { notes: [note] })
}
