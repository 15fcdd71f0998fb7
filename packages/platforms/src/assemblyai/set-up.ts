import type { Json } from '@bookend/contract'
import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { AssemblyAiOptions } from './options.ts'
import { platformFacts } from './pre-call.ts'

const TIMEOUT_MS = 800

/** The request that the platform sends before a call is ours to write. */
function preConnectRequests(options: AssemblyAiOptions, preCallUrl: string): Json {
  const bearer = `Bearer ${options.pre_call_token}`
  return [
    {
      http: {
        url: preCallUrl,
        http_method: 'POST',
        headers: [{ name: 'Authorization', value: bearer }],
      },
      sends: [...platformFacts],
      returns: options.declared_parameters.map((name) => ({
        name,
        path: `parameters.${name}`,
        default: '',
      })),
      timeout_ms: TIMEOUT_MS,
      allow_overrides: options.allow_greeting ? ['greeting'] : [],
      on_failure: 'continue',
    },
  ]
}

/** A token in the address: the platform can send nothing else that we could check. */
const eventsUrl = ({ event_verification: profile }: AssemblyAiOptions, url: string): string =>
  profile.kind === 'path-token' ? `${url}/${profile.token}` : url

export const setUp = (options: AssemblyAiOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Agent: ask Bookend before the call',
    detail:
      'On the agent’s record. Every failure lets the call go on; steps of the workflow must be done in 600 ms.',
    settings: { pre_connect_requests: preConnectRequests(options, urls.preCall) },
  },
  {
    title: 'Webhook subscription: send events to Bookend',
    detail: 'One for the account, or for one agent with its agent_id.',
    settings: {
      url: eventsUrl(options, urls.events),
      events: [
        'session.started',
        'session.completed',
        'call.connected',
        'call.ended',
        'call.failed',
      ],
      enabled: true,
    },
  },
]
