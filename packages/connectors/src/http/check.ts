import type { CheckResult } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { type Context, exchange } from './exchange.ts'

/** What answers at all has let the credential in, unless it says 401 or 403. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { check_path: path, base_url: base } = ctx.settings
  const account = new URL(base).host
  try {
    await exchange(ctx, { effect: 'read', method: 'GET', path, answer: 'ignored' })
    return { account, warnings: [] }
  } catch (error) {
    if (!(error instanceof ConnectorFault)) throw error
    const { kind, detail } = error.verdict
    if (detail === 'http_403') throw new ConnectorFault({ kind: 'auth', detail })
    const isAnswer =
      kind === 'missing' || kind === 'conflict' || /^http_4|^not_a|^gone/.test(detail)
    if (kind === 'auth' || kind === 'limited' || !isAnswer) throw error
    const warning = `The address answered ${detail}; name one that can be read in check_path`
    return { account, warnings: [warning] }
  }
}
