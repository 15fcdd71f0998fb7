import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { SipOptions } from './options.ts'

/** What the SIP server waits for, in whole seconds: a little longer than a workflow may take. */
const patienceSeconds = (budgetMs: number): number => Math.ceil((budgetMs + 250) / 1_000)

export const setUp = (options: SipOptions, urls: PublicUrls): readonly SetUpStep[] => {
  const address = urls.preCall
    .replace(/\/pre-call$/, '')
    .replace('://', `://${options.username}:PASSWORD@`)
  const timeout = patienceSeconds(options.budget_ms)
  return [
    {
      title: 'Kamailio: ask Bookend before an INVITE is routed',
      detail:
        'Take both files of examples/kamailio, and write this into local.cfg, with this connection’s password for PASSWORD. While Bookend is away or slow, calls go to DEFAULT_TARGET without it.',
      settings: { BOOKEND: `bookend=>${address};timeout=${timeout}` },
    },
    {
      title: 'Kamailio: report how calls went',
      detail:
        'The same files do: the start and the end of every call are posted to the events address, again and again while that cannot be reached.',
      settings: { url: urls.events },
    },
    {
      title: 'Trunk: send calls to Kamailio',
      detail:
        'TRUSTED in local.cfg names the networks that may send an INVITE: the trunk’s, and nobody else’s.',
    },
  ]
}
