import type { CheckResult } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { type Context, api, exchange } from './rest.ts'
import { hostOf } from './schema.ts'

const Groups = z.object({ groups: z.array(z.object({ name: z.string() })) })

/** One read of the groups, which only agents may see. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { body } = await exchange(ctx, { effect: 'read', method: 'GET', path: api('groups') })
  if (!Groups.safeParse(body).success) {
    throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  }
  return { account: new URL(hostOf(ctx.settings)).host, warnings: [] }
}
