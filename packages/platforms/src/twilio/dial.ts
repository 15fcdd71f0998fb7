// Places a call by Twilio's REST API, with what is to happen on it in the request itself: nothing has to
// be asked for when it is answered.
//
// P1. Twilio knows no key of ours again, so what may have been placed is not placed again.
// P2. Its events come to an address that names our call, whatever comes first.

import type { DialAnswer, Dialling, PlacedCall, PublicUrls } from '../adapter.ts'
import { fieldsOf, idOf, textOf } from '../read/fields.ts'
import { decodeText, parseJsonText } from '../read/json.ts'
import { replyText } from '../rules/reply.ts'
import type { TwilioOptions } from './options.ts'
import { writePreCall } from './pre-call.ts'
import { restRequest } from './rest.ts'

/** Twilio's limit of a `Twiml` field. */
const TWIML_MAX = 4_000

export const dial: Dialling<TwilioOptions> = {
  from: ({ from_number: from }) => from ?? null,

  request(call, options, { events }: PublicUrls) {
    const from = call.from ?? options.from_number
    if (from === undefined) return { kind: 'refused', reason: 'there is no number to call from' }
    const twiml = twimlOf(call, options)
    if (twiml.length > TWIML_MAX) {
      return { kind: 'refused', reason: 'its parameters are longer than Twilio takes' }
    }
    const request = restRequest(options, 'Calls', {
      To: call.to,
      From: from,
      Twiml: twiml,
      StatusCallback: `${publicUrl(events, options)}?bookend_call=${call.call_id}`,
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: ['answered', 'completed'],
    })
    return request === null
      ? { kind: 'refused', reason: 'account_sid is not set' }
      : { kind: 'request', request }
  },

  read({ status, body }): DialAnswer {
    const fields = fieldsOf(parseJsonText(decodeText(body)))
    const callId = idOf(fields['sid'])
    if (status >= 200 && status < 300) {
      return callId === null
        ? { kind: 'unknown', reason: 'the answer names no call' }
        : { kind: 'placed', call_id: callId }
    }
    const code = idOf(fields['code'])
    const reason = `Twilio answered ${status}${code === null ? '' : `, error ${code}`}`
    if (status === 429) return { kind: 'refused', reason, again: true }
    if (status >= 500) return { kind: 'unknown', reason }
    const said = textOf(fields['message'])
    return { kind: 'refused', reason: said === null ? reason : `${reason}: ${said}`, again: false }
  },
}

/** Twilio signs the address that it was given: the one that `verify` knows. */
const publicUrl = (events: string, { public_base_url: base }: TwilioOptions): string =>
  base.replace(/\/$/, '') + events.slice(events.indexOf('/platforms/'))

function twimlOf({ result, call_id, from, to }: PlacedCall, options: TwilioOptions): string {
  const request = {
    platform: 'twilio',
    call: {
      from_number: from,
      to_number: to,
      direction: 'outbound',
      timestamp: '',
      provider_call_id: null,
      aliases: [],
      caller_verified: null,
    },
    agent: { id: null, name: null, version: null },
    context: {},
    memo_key: null,
    memo_window_ms: 0,
    received_at: '',
  } as const
  return replyText(writePreCall({ ...result, call_id }, request, options))
}
