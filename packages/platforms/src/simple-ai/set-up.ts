import type { OutgoingRequest, PublicUrls, SetUpStep } from '../adapter.ts'
import { API, type SimpleAiOptions } from './options.ts'

export const setUp = (options: SimpleAiOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Agent: ask Bookend before the call',
    detail: 'In the agent’s settings. The token is the pre_call_token of this connection.',
    settings: {
      pre_call_webhook_enabled: true,
      pre_call_webhook_url: urls.preCall,
      pre_call_webhook_timeout: options.timeout_ms / 1_000,
    },
  },
  {
    title: 'Account: send events to Bookend',
    detail:
      'Subscribe once for the account, then copy the webhook’s secret from the dashboard into event_verification.',
    settings: subscription(urls),
    requests: subscribe(options, urls),
  },
]

const subscription = (urls: PublicUrls) => ({
  url: urls.events,
  event_types: ['call.started', 'call.completed', 'transcript.updated'],
})

const subscribe = (
  { api_key: key }: SimpleAiOptions,
  urls: PublicUrls,
): readonly OutgoingRequest[] =>
  key === undefined
    ? []
    : [
        {
          method: 'POST',
          url: `${API}/webhooks`,
          headers: { authorization: key, 'content-type': 'application/json' },
          body: subscription(urls),
        },
      ]
