import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { JambonzOptions } from './options.ts'

/** Three more tries on a 5xx or a failed connection: without this there is none. */
const RETRIES = '#rc=3&rp=5xx,ct'

export const setUp = (options: JambonzOptions, urls: PublicUrls): readonly SetUpStep[] => [
  {
    title: 'Application: ask Bookend before the call',
    detail: `The calling webhook, by POST. It is answered with the verbs of an agent, ${options.default_agent} unless a workflow says otherwise.`,
    settings: { call_hook: { url: urls.preCall + RETRIES, method: 'POST' } },
  },
  {
    title: 'Application: send events to Bookend',
    detail:
      'The call status webhook, by POST. Use the same address as actionHook and eventHook of an agent’s verbs.',
    settings: { call_status_hook: { url: urls.events + RETRIES, method: 'POST' } },
  },
  options.auth.kind === 'signature'
    ? {
        title: 'Account: the webhook secret',
        detail: 'Copy it into auth.secret of this connection.',
      }
    : {
        title: 'Application: user name and password of both webhooks',
        detail: 'Those of this connection’s auth.',
        settings: { username: options.auth.username },
      },
]
