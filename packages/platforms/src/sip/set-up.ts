import type { PublicUrls, SetUpStep } from '../adapter.ts'
import type { SipOptions } from './options.ts'

/** What the SIP server waits for, in whole seconds: a little longer than a workflow may take. */
const patienceSeconds = (budgetMs: number): number => Math.ceil((budgetMs + 250) / 1_000)

export const setUp = (options: SipOptions, urls: PublicUrls): readonly SetUpStep[] => {
  const base = urls.preCall.replace(/\/pre-call$/, '')
  return [
    {
      title: 'Kamailio: ask Bookend before an INVITE is routed',
      detail:
        'Take examples/kamailio/kamailio.cfg, and put these into its local.cfg. When Bookend is away or slow, calls go to DEFAULT_TARGET without it.',
      settings: {
        BOOKEND_URL: base.replace('://', `://${options.username}:<password>@`),
        BOOKEND_TIMEOUT: patienceSeconds(options.budget_ms),
      },
    },
    {
      title: 'Kamailio: report how calls went',
      detail:
        'The same file does: it posts the start and the end of every call to the events address, and tries again while that cannot be reached.',
      settings: { url: urls.events },
    },
    {
      title: 'Trunk: send calls to Kamailio, and nobody else',
      detail:
        'TRUSTED names the networks that may send an INVITE. Headers of the name X-Bookend-* that come from outside are taken off.',
    },
  ]
}
