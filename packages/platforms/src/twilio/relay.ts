// One ConversationRelay socket as neutral events. The platform sends no transcript: whoever holds the
// socket records both sides, and hands each message here in the order in which it was sent.
//
// W1. Nothing in a message closes the socket: what is not understood is no event.
// W2. What the agent said before it was interrupted is what was heard, not what was meant.

import type { Json } from '@bookend/contract'
import type { Relaying, RelayMessage, RelayReading, RelayState } from '../adapter.ts'
import type { TranscriptEntry } from '../neutral.ts'
import { fieldsOf, idOf, jsonOf, recordOf, textOf, type Fields } from '../read/fields.ts'
import { storableText } from '../read/json.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { neutralEvent } from '../rules/event.ts'
import { directionOf, readNumber } from '../rules/numbers.ts'
import type { TwilioOptions } from './options.ts'

export const emptyRelay: RelayState = {
  callId: null,
  sessionId: '',
  runId: null,
  placedId: null,
  said: 0,
  speaking: null,
  spokenSince: null,
}

export function readRelayMessage(
  state: RelayState,
  { from, message, at }: RelayMessage,
  options: Pick<TwilioOptions, 'number_format'>,
): RelayReading {
  const fields = fieldsOf(message)
  const type = textOf(fields['type'])
  if (from === 'bookend') return readOwn(state, type, fields, at)
  switch (type ?? '') {
    case 'setup':
      return readSetUp(state, fields, at, options)
    case 'prompt': {
      const text = textOf(fields['voicePrompt'])
      if (text === null) return unchanged(state)
      return heard(state, { role: 'user', text, timestamp: at }, fields['last'] !== false, at)
    }
    case 'dtmf': {
      const digit = idOf(fields['digit'])
      if (digit === null) return unchanged(state)
      return heard(state, { role: 'user', text: `[dtmf ${digit}]`, timestamp: at }, true, at)
    }
    case 'interrupt':
      return readInterrupt(state, fields, at)
    default:
      return unchanged(state)
  }
}

const unchanged = (state: RelayState): RelayReading => ({ state, events: [] })

function readSetUp(
  state: RelayState,
  fields: Fields,
  at: string,
  { number_format: format }: Pick<TwilioOptions, 'number_format'>,
): RelayReading {
  const callId = idOf(fields['callSid'])
  if (callId === null) return unchanged(state)
  const sessionId = idOf(fields['sessionId']) ?? ''
  const params = recordOf(fields['customParameters'])
  const runId = idOf(params?.['bookend_run_id'])
  const placedId = idOf(params?.['bookend_call_id'])
  const event = neutralEvent(
    'twilio',
    { received_at: at },
    {
      type: 'call.started',
      callId,
      aliases: aliasesOf(sessionId, placedId),
      key: dedupeKey('twilio', callId, 'relay', sessionId, 'setup'),
      runId,
      call: {
        from_number: readNumber(fields['from'], format).number,
        to_number: readNumber(fields['to'], format).number,
        direction: directionOf(fields['direction']) ?? 'inbound',
        status: 'in_progress',
        started_at: at,
        ...(params === undefined ? {} : { params }),
      },
      occurredAt: at,
    },
  )
  return { state: { ...state, callId, sessionId, runId, placedId }, events: [event] }
}

const aliasesOf = (...ids: readonly (string | null)[]): readonly string[] =>
  ids.filter((id): id is string => id !== null && id !== '')

function readOwn(state: RelayState, type: string | null, fields: Fields, at: string): RelayReading {
  switch (type ?? '') {
    case 'text':
      return readToken(state, fields, at)
    case 'sendDigits': {
      const digits = textOf(fields['digits'])
      const said = { role: 'tool', text: 'done', timestamp: at } as const
      const done = { ...said, function_name: 'send_digits', arguments: { digits } }
      return digits === null ? unchanged(state) : heard(state, done, true, at)
    }
    case 'end': {
      const data = recordOf(jsonOf(textOf(fields['handoffData']) ?? ''))
      const kind = textOf(data?.['bookend'])
      // Of another agent's hand-off nothing is known here; the platform tells of it in its own event.
      if (data === undefined || kind === null) return unchanged(state)
      const { bookend: _, ...rest } = data
      const name = kind === 'transfer' ? 'transfer_call' : 'end_call'
      const said = { role: 'tool', text: 'done', timestamp: at } as const
      return heard(state, { ...said, function_name: name, arguments: rest as Json }, true, at)
    }
    default:
      return unchanged(state)
  }
}

/** A token of the agent's; the last one makes the sentence an entry, as of its first. */
function readToken(state: RelayState, fields: Fields, at: string): RelayReading {
  const token = typeof fields['token'] === 'string' ? fields['token'] : ''
  const speaking = {
    text: (state.speaking?.text ?? '') + token,
    since: state.speaking?.since ?? at,
  }
  if (fields['last'] !== true) return unchanged({ ...state, speaking })
  const after = { ...state, speaking: null, spokenSince: speaking.since }
  if (speaking.text === '') return unchanged(after)
  const entry = { role: 'agent', text: speaking.text, timestamp: speaking.since } as const
  return heard(after, entry, true, at)
}

function readInterrupt(state: RelayState, fields: Fields, at: string): RelayReading {
  const text =
    typeof fields['utteranceUntilInterrupt'] === 'string' ? fields['utteranceUntilInterrupt'] : ''
  const since = state.speaking?.since ?? state.spokenSince ?? at
  // A sentence that is still being sent is no entry yet: what was heard of it becomes one.
  const amends = state.speaking === null
  const after = { ...state, speaking: null, spokenSince: since }
  if (text === '' && !amends) return unchanged(after)
  return heard(after, { role: 'agent', text, timestamp: since }, true, at, amends)
}

function heard(
  state: RelayState,
  said: Omit<TranscriptEntry, 'offset_ms'>,
  final: boolean,
  at: string,
  amends = false,
): RelayReading {
  const { callId, sessionId, runId, placedId } = state
  if (callId === null) return unchanged(state)
  const count = state.said + 1
  const event = neutralEvent(
    'twilio',
    { received_at: at },
    {
      type: 'call.transcript_update',
      callId,
      aliases: aliasesOf(sessionId, placedId),
      key: dedupeKey('twilio', callId, 'relay', sessionId, String(count)),
      runId,
      transcript: {
        mode: 'append',
        final,
        ...(amends ? { amends_previous: true } : {}),
        entries: [{ ...said, text: storableText(said.text), offset_ms: null }],
      },
      occurredAt: at,
    },
  )
  return { state: { ...state, said: count }, events: [event] }
}

export const relay: Relaying<TwilioOptions> = {
  settings: ({ relay: own }) =>
    own === undefined
      ? null
      : { transfer_to: own.transfer_to, rescue: own.rescue ?? null, excuse: own.excuse },
  read: readRelayMessage,
}
