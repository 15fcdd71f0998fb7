import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { LiveKitOptions } from './options.ts'

export const setUp = (options: LiveKitOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Agent: ask Bookend before its session starts',
    detail:
      'There is no hook: with `@bookend/sdk/livekit`, or by itself, the agent’s entry point posts the caller’s facts before session.start, with `Authorization: Bearer <pre_call_token>`, and acts on the outcome itself. The caller hears silence meanwhile: play a tone, or answer late.',
    settings: { url: urls.preCall, accept: 'application/vnd.bookend.v1+json' },
  },
  {
    title: 'Project: send events to Bookend',
    detail: 'Webhooks, signed with this connection’s api_key. Delivery is not guaranteed.',
    settings: { webhook: { api_key: options.api_key, urls: [urls.events] } },
  },
  {
    title: 'Agent: post the transcript when it closes',
    detail:
      'LiveKit sends none. The agent posts a call.completed envelope to the events address with the room’s name as call_id, signed by Standard Webhooks with event_secret.',
  },
]
