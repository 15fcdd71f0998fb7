import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { TwilioOptions } from './options.ts'

/** Connect within 2 s, answer within 5 s, and ask once more when either fails. */
const PATIENCE = '#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx'

export const setUp = (options: TwilioOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Phone number: ask Bookend before the call',
    detail: `The voice webhook, by POST. Without a fallback a failure is an error message and a hang-up: point it to static TwiML that connects ${options.default_agent}.`,
    settings: {
      voice_url: urls.preCall + PATIENCE,
      voice_method: 'POST',
      voice_fallback_url: 'https://…',
    },
  },
  {
    title: 'Phone number: send events to Bookend',
    detail: 'The status callback, by POST, for every change.',
    settings: {
      status_callback: urls.events,
      status_callback_method: 'POST',
      status_callback_event: ['initiated', 'ringing', 'answered', 'completed'],
    },
  },
  {
    title: 'Connection: the address after a conversation',
    detail: 'Set action_url of this connection, so that a call ends when its agent is done.',
    settings: { action_url: urls.events },
  },
]
