import type { OutgoingRequest, PublicUrls, SetUpStep, SetUpTargets } from '../adapter.ts'
import type { TelnyxOptions } from './options.ts'

export function setUp(
  { api_key: key, timeout_ms }: TelnyxOptions,
  urls: PublicUrls,
  { agentIds = [] }: SetUpTargets = {},
): readonly SetUpStep[] {
  const assistant = {
    dynamic_variables_webhook_url: urls.preCall,
    dynamic_variables_webhook_timeout_ms: timeout_ms,
  }
  const update = (id: string): OutgoingRequest => ({
    method: 'POST',
    url: `https://api.telnyx.com/v2/ai/assistants/${encodeURIComponent(id)}`,
    headers: { authorization: `Bearer ${key ?? ''}`, 'content-type': 'application/json' },
    body: assistant,
  })
  return [
    {
      title: 'Assistant: ask Bookend before the call',
      detail:
        'On a timeout the call goes on with the variables’ defaults. 4,000 ms leaves room for lookups; keep timeout_ms of this connection equal.',
      settings: assistant,
      requests: key === undefined ? [] : agentIds.map(update),
    },
    {
      title: 'Voice API application: send events to Bookend',
      detail: 'Set the failover address as well if there is a second server.',
      settings: { webhook_event_url: urls.events, webhook_api_version: '2' },
    },
    {
      title: 'Assistant: an insight group',
      detail: 'Only with one are conversations analysed. Its results arrive at the same address.',
      settings: { insight_webhook: urls.events },
    },
  ]
}
