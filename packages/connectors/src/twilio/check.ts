import type { CheckResult } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { receipts } from './receipts.ts'
import { type Context, account, exchange } from './rest.ts'

const Messages = z.object({ messages: z.array(z.unknown()) })

/** One read of the newest message: it needs the credential, and that it is this account's. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: account(ctx, 'Messages.json'),
    query: { PageSize: 1 },
  })
  if (!Messages.safeParse(body).success) {
    throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  }
  const { settings } = ctx
  const warnings: string[] = []
  if (settings.countries.length === 0 && settings.numbers.length === 0) {
    warnings.push('countries is empty: no message and no call may be sent')
  }
  if (settings.from === null && settings.messaging_service_sid === null) {
    warnings.push('Without from or messaging_service_sid there is nobody to send as')
  }
  if (!receipts.isSetUp(settings, ctx.auth)) {
    warnings.push(
      'Nothing tells of a send whose answer was lost: status_callback is to be at /receipts/twilio/ of Bookend, and auth to have the auth token',
    )
  }
  return { account: `Twilio account ${settings.account_sid}`, warnings }
}
