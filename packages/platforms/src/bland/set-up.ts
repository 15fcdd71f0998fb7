import type { Json } from '@bookend/contract'
import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { BlandOptions } from './options.ts'

const FACTS = ['call_id', 'from', 'to', 'phone_number', 'city', 'state', 'zip', 'now']

/** The request that the platform sends before a call is ours to write. */
function dynamicData(options: BlandOptions, preCallUrl: string): Json {
  const outcome = ['outcome', 'agent_id', 'transfer_to', 'reject_reason', 'say']
  const reserved = options.outcome_parameters ? outcome.map((name) => `bookend_${name}`) : []
  const names = [...options.declared_parameters, ...reserved]
  return [
    {
      url: preCallUrl,
      method: 'POST',
      headers: { authorization: `Bearer ${options.pre_call_token}` },
      body: Object.fromEntries(FACTS.map((name) => [name, `{{${name}}}`])),
      timeout: options.timeout_ms,
      cache: options.cache,
      response_data: names.map((name) => ({ name, data: `$.parameters.${name}` })),
    },
  ]
}

export const setUp = (options: BlandOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Number or call: ask Bookend before the call',
    detail:
      'Goes into the inbound number’s settings, or into each call that is sent. A pathway switches it off: there, use a webhook node.',
    settings: { dynamic_data: dynamicData(options, urls.preCall) },
  },
  {
    title: 'Number or call: send the end to Bookend',
    detail: 'One delivery for each call, after it.',
    settings: { webhook: urls.events },
  },
  {
    title: 'Account, Keys: a signing secret',
    detail: 'Without one, deliveries are unsigned and refused here.',
  },
]
