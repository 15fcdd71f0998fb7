import type { CheckResult } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { type Context, exchange } from './rest.ts'

/** An email that nobody has. */
const NONE = '00000000-0000-0000-0000-000000000000'

/**
 * Asks for an email that there is not: a good key is told so, or, if it may only send, that it may not
 * ask.
 */
export async function check(ctx: Context): Promise<CheckResult> {
  const account = `${new URL(ctx.settings.base_url).host}, as ${ctx.settings.from}`
  try {
    await exchange(ctx, { effect: 'read', method: 'GET', path: ['emails', NONE] })
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    const { kind, detail } = error.verdict
    if (detail === 'restricted_api_key') {
      const warning = 'The key may only send: email.get and email.cancel need one with full access'
      return { account, warnings: [warning] }
    }
    if (kind !== 'missing') throw error
  }
  return { account, warnings: [] }
}
