import type { OutgoingRequest, PublicUrls, SetUpStep, SetUpTargets } from '../adapter.ts'
import type { TwilioOptions } from './options.ts'
import { restRequest } from './rest.ts'

/** Connect within 2 s, answer within 5 s, and ask once more when either fails. */
const PATIENCE = '#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx'

export function setUp(
  options: TwilioOptions,
  urls: PublicUrls,
  { numberIds = [] }: SetUpTargets = {},
): readonly SetUpStep[] {
  const voice = { VoiceUrl: urls.preCall + PATIENCE, VoiceMethod: 'POST' }
  const status = { StatusCallback: urls.events, StatusCallbackMethod: 'POST' }
  const requests = numberIds.flatMap((id) => numberRequest(options, id, { ...voice, ...status }))
  return [
    {
      title: 'Phone number: ask Bookend before the call',
      detail: `The voice webhook, by POST. Without a VoiceFallbackUrl a failure is an error message and a hang-up: point it to static TwiML that connects ${options.default_agent}.`,
      settings: voice,
      requests,
    },
    {
      title: 'Phone number: send the end of a call to Bookend',
      detail:
        'The status callback, by POST. Of an incoming call a number reports the end only: its start is the relay’s setup message. Ask for more in calls that you place (StatusCallbackEvent).',
      settings: status,
    },
    ...(options.relay === undefined ? stepsWithoutRelay(urls) : []),
  ]
}

/** How to let Bookend speak, or else what another agent's calls need. */
const stepsWithoutRelay = (urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Connection: the address after a conversation',
    detail: 'Set action_url of this connection, so that a call ends when its agent is done.',
    settings: { action_url: urls.events },
  },
  {
    title: 'Connection: Bookend as the agent',
    detail: 'Where no agent of another’s answers, set relay, and a language model on this server.',
    settings: { relay: { url: urls.events.replace(/^http/, 'ws').replace(/\/events$/, '/relay') } },
  },
]

function numberRequest(
  options: TwilioOptions,
  id: string,
  body: Record<string, string>,
): readonly OutgoingRequest[] {
  const path = `IncomingPhoneNumbers/${encodeURIComponent(id)}`
  const request = restRequest(options, path, body)
  return request === null ? [] : [request]
}
