import type { OutgoingRequest, PublicUrls, SetUpStep } from '../adapter.ts'
import type { ElevenLabsOptions } from './options.ts'

export const setUp = (options: ElevenLabsOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Workspace settings: ask Bookend before the call',
    detail: `Conversation initiation webhook. Add the header ${options.auth_header} with this connection’s header_secret: the request is not signed.`,
    settings: { url: urls.preCall, header: options.auth_header },
    requests: initiationRequests(options, urls),
  },
  {
    title: 'Agent, Security tab: fetch initiation data',
    detail:
      'Switch it on for each agent with a number. Enable “First message” under Overrides if workflows set a greeting, and add first_message to allowed_overrides here. List the variables of each prompt in agent_variables.',
    settings: { fetch_conversation_initiation_data: true },
  },
  {
    title: 'Workspace webhook: send events to Bookend',
    detail:
      'Switch retries on: they are off by default, and cover only transcriptions. The platform switches a webhook off after ten failures in a row.',
    settings: {
      url: urls.events,
      events: ['post_call_transcription', 'call_initiation_failure'],
      retries: true,
    },
  },
]

const initiationRequests = (
  { api_key: key, auth_header: header, header_secret: secret }: ElevenLabsOptions,
  urls: PublicUrls,
): readonly OutgoingRequest[] =>
  key === undefined
    ? []
    : [
        {
          method: 'PATCH',
          url: 'https://api.elevenlabs.io/v1/convai/settings',
          headers: { 'xi-api-key': key, 'content-type': 'application/json' },
          body: {
            conversation_initiation_client_data_webhook: {
              url: urls.preCall,
              request_headers: { [header]: secret },
            },
          },
        },
      ]
