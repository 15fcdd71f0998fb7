import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { RetellOptions } from './options.ts'

export const setUp = (_options: RetellOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'API key: one with the webhook badge',
    detail: 'Dashboard, API keys. Only that key signs; it is this connection’s api_key.',
  },
  {
    title: 'Phone number: ask Bookend before the call',
    detail:
      'Keep an inbound agent bound to the number: it answers when Bookend cannot. Calls dialled straight to SIP do not ask.',
    settings: { inbound_webhook_url: urls.preCall },
  },
  {
    title: 'Agent: send events to Bookend',
    detail:
      'This address replaces the account’s. Retell tries three times, ten seconds each; add transcript_updated for live transcripts.',
    settings: {
      webhook_url: urls.events,
      webhook_timeout_ms: 10_000,
      webhook_events: ['call_started', 'call_ended', 'call_analyzed'],
    },
  },
]
