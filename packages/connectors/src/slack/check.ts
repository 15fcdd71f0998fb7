import type { CheckResult } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { type Context, call } from './rest.ts'

const WhoAmI = z.object({ team: z.string(), user: z.string() })

/** What each scope is for; without one the actions that need it are refused. */
const SCOPES: Readonly<Record<string, string>> = {
  'chat:write': 'no message can be posted',
  'im:write': 'nobody can be written to directly',
  'users:read.email': 'nobody can be found by e-mail address',
}

export async function check(ctx: Context): Promise<CheckResult> {
  const { body, headers } = await call(ctx, 'read', 'auth.test')
  const { success, data } = WhoAmI.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  const granted = headers['x-oauth-scopes']?.split(',').map((scope) => scope.trim())
  const missing = Object.entries(SCOPES).filter(([scope]) => granted?.includes(scope) === false)
  return {
    account: `${data.team}, as ${data.user}`,
    warnings: missing.map(([scope, effect]) => `Without the scope ${scope}, ${effect}`),
  }
}
