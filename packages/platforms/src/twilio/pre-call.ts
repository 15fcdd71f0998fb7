import type { AdapterReply, Degraded, PreCallReading, RawRequest } from '../adapter.ts'
import type { NeutralPreCallRequest, PreCallResult } from '../neutral.ts'
import { idOf } from '../read/fields.ts'
import { parseForm, type Form } from '../read/form.ts'
import { contextOf, sipContext } from '../rules/context.ts'
import { memoOf } from '../rules/memo.ts'
import { directionOf, readParties } from '../rules/numbers.ts'
import { settleOutcome } from '../rules/outcome.ts'
import { asStrings, sendable } from '../rules/parameters.ts'
import { unreadable, xmlReply } from '../rules/reply.ts'
import type { TwilioOptions } from './options.ts'
import { element, escapeXml, twiml } from './xml.ts'

export function readPreCall(request: RawRequest, options: TwilioOptions): PreCallReading {
  const form = parseForm(request.body)
  const callId = idOf(form.get('CallSid'))
  if (callId === null) return unreadable('the form has no CallSid')
  const parties = readParties(form.get('From'), form.get('To'), options.number_format)
  const { from_number, to_number } = parties
  const facts = { provider_call_id: callId, from_number, to_number }
  return {
    kind: 'call',
    request: {
      platform: 'twilio',
      call: {
        ...facts,
        direction: directionOf(form.get('Direction')) ?? 'inbound',
        timestamp: request.received_at,
        aliases: [],
        caller_verified: isVerified(form.get('StirVerstat')),
      },
      agent: { id: null, name: null, version: null },
      context: contextOf(
        parties.context,
        [
          ['forwarded_from', form.get('ForwardedFrom')],
          ['caller_name', form.get('CallerName')],
          ['caller_city', firstOf(form, 'CallerCity', 'FromCity')],
          ['caller_country', firstOf(form, 'CallerCountry', 'FromCountry')],
          ['stir_verstat', form.get('StirVerstat')],
        ],
        sipContext(sipHeaders(form)),
      ),
      ...memoOf('twilio', facts),
      received_at: request.received_at,
    },
  }
}

/** The first of these fields that is not empty. */
const firstOf = (form: Form, ...names: readonly string[]): string | undefined =>
  names.map((name) => form.get(name)).find((value) => value !== undefined && value !== '')

/** Only full attestation says that the number is the caller's; none says nothing. */
function isVerified(verstat: string | undefined): boolean | null {
  if (verstat === undefined || verstat === '') return null
  if (/^TN-Validation-Passed-A/i.test(verstat)) return true
  return /Passed-[BC]|Failed/i.test(verstat) ? false : null
}

function sipHeaders(form: Form): Record<string, string> {
  const given = [...form].filter(([name]) => name.startsWith('SipHeader_'))
  return Object.fromEntries(given.map(([name, value]) => [name.slice('SipHeader_'.length), value]))
}

export function writePreCall(
  result: PreCallResult,
  _request: NeutralPreCallRequest,
  options: TwilioOptions,
): AdapterReply {
  const { outcome, reserved, degraded } = settleOutcome(result, options, [
    'route',
    'transfer',
    'reject',
    'say',
  ])
  const { parameters, dropped } = sendable(result.parameters)
  const send = (verbs: readonly string[], fallback: Degraded | null = null) =>
    xmlReply(twiml(...verbs), { degraded: degraded ?? fallback, dropped_parameters: dropped })
  switch (outcome.type) {
    case 'transfer': {
      const message = outcome.message ?? ''
      return send([
        ...(message === '' ? [] : [say(message, options)]),
        element('Dial', {}, escapeXml(outcome.to_number)),
      ])
    }
    case 'reject':
      return send([element('Reject', { reason: outcome.reason === 'busy' ? 'busy' : 'rejected' })])
    case 'say':
      return send([...(outcome.text === '' ? [] : [say(outcome.text, options)]), '<Hangup/>'])
    case 'continue':
    case 'route': {
      const wanted = outcome.type === 'route' ? outcome.agent_id : options.default_agent
      const { url, missing } = findAgent(wanted, options)
      if (url === null) {
        const reason = `no address configured for agent ${options.default_agent}`
        return send(['<Hangup/>'], { wanted: outcome.type, sent: 'hangup', reason })
      }
      if (url === options.relay?.url) return send([connectRelay(result, parameters, options)])
      const given = { ...asStrings(parameters), ...reserved }
      const verb = connect(url, given, result.greeting, options)
      return send(
        [verb],
        missing === null ? null : { wanted: 'route', sent: 'continue', ...missing },
      )
    }
  }
}

/** Bookend speaks: it greets by itself, and is told by whom it is asked to speak. */
function connectRelay(
  { run_id, call_id, outcome }: PreCallResult,
  parameters: PreCallResult['parameters'],
  options: TwilioOptions,
): string {
  const { url = '', language, voice } = options.relay ?? {}
  const echoed = {
    bookend_run_id: run_id,
    ...(call_id === undefined ? {} : { bookend_call_id: call_id }),
    ...(outcome.type === 'route' ? { bookend_agent_id: outcome.agent_id } : {}),
  }
  // A call that we placed is known by its id, and the room for it is small.
  const given = call_id === undefined ? { ...asStrings(parameters), ...echoed } : echoed
  const relay = { url, language, voice, dtmfDetection: 'true' }
  const verb = element('ConversationRelay', relay, renderParameters(given))
  return element('Connect', { action: relayAction(options) }, verb)
}

/** What Twilio asks once the conversation is over: the connection's events, beside its socket. */
const relayAction = ({ action_url: action, relay }: TwilioOptions): string | undefined =>
  action ?? relay?.url.replace(/^ws/, 'http').replace(/\/relay$/, '/events')

const say = (text: string, { say: { voice, language } }: TwilioOptions): string =>
  element('Say', { voice, language }, escapeXml(text))

function findAgent(
  id: string,
  options: TwilioOptions,
): { readonly url: string | null; readonly missing: { readonly reason: string } | null } {
  const { agents, default_agent: fallback } = options
  const addressOf = (agent: string) => (Object.hasOwn(agents, agent) ? agents[agent] : undefined)
  const url = addressOf(id) ?? options.relay?.url
  if (url !== undefined) return { url, missing: null }
  const reason = `no address configured for agent ${id}`
  return { url: addressOf(fallback) ?? null, missing: { reason } }
}

function connect(
  url: string,
  parameters: Readonly<Record<string, string>>,
  greeting: string | undefined,
  { action_url: action }: TwilioOptions,
): string {
  const welcomeGreeting = greeting === '' ? undefined : greeting
  const relay = element('ConversationRelay', { url, welcomeGreeting }, renderParameters(parameters))
  return element('Connect', { action }, relay)
}

const renderParameters = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => element('Parameter', { name, value }))
    .join('')
