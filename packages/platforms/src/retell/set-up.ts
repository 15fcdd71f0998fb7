import type { Json } from '@bookend/contract'
import type { OutgoingRequest, PublicUrls, SetUpStep, SetUpTargets } from '../adapter.ts'
import type { RetellOptions } from './options.ts'

const API = 'https://api.retellai.com'

export function setUp(
  { api_key: key }: RetellOptions,
  urls: PublicUrls,
  { agentIds = [], numberIds = [] }: SetUpTargets = {},
): readonly SetUpStep[] {
  const patch = (path: string, id: string, body: Record<string, Json>): OutgoingRequest => ({
    method: 'PATCH',
    url: `${API}/${path}/${encodeURIComponent(id)}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  })
  const number = { inbound_webhook_url: urls.preCall }
  const agent = {
    webhook_url: urls.events,
    webhook_timeout_ms: 10_000,
    webhook_events: ['call_started', 'call_ended', 'call_analyzed'],
  }
  return [
    {
      title: 'API key: one with the webhook badge',
      detail: 'Dashboard, API keys. Only that key signs; it is this connection’s api_key.',
    },
    {
      title: 'Phone number: ask Bookend before the call',
      detail:
        'Keep an inbound agent bound to the number: it answers when Bookend cannot. Calls dialled straight to SIP do not ask.',
      settings: number,
      requests: numberIds.map((id) => patch('update-phone-number', id, number)),
    },
    {
      title: 'Agent: send events to Bookend',
      detail:
        'This address replaces the account’s. Retell tries three times, ten seconds each; add transcript_updated for live transcripts.',
      settings: agent,
      requests: agentIds.map((id) => patch('update-agent', id, agent)),
    },
  ]
}
