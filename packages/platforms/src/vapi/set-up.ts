import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { VapiOptions } from './options.ts'

/** Without a plan the platform tries once: an end that finds the server away is lost. */
const backoffPlan = { type: 'exponential', maxRetries: 5, baseDelaySeconds: 5 }

export const setUp = (options: VapiOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Credential: HMAC',
    detail:
      'Organisation settings, custom credentials. Keep its defaults (x-signature, x-timestamp, {timestamp}.{body}); its secret is this connection’s.',
  },
  {
    title: 'Phone number: ask Bookend before the call',
    detail:
      'No assistant may be bound to the number, or it is never asked. If Bookend cannot be reached, the fallback destination rings; without one the caller hears an error.',
    settings: {
      assistantId: null,
      server: { url: urls.preCall, backoffPlan },
      fallbackDestination: { type: 'number', number: '+…' },
    },
  },
  {
    title: 'Assistant: send events to Bookend',
    detail:
      options.default_agent_id === null
        ? 'For every assistant that Bookend may choose. Set default_agent_id as well: without it no call can go on.'
        : 'For every assistant that Bookend may choose, the default one first.',
    settings: {
      server: { url: urls.events, backoffPlan },
      serverMessages: ['end-of-call-report', 'status-update', 'transcript'],
    },
  },
]
