import type { CheckResult } from '@bookend/core'
import { maybeDone } from '@bookend/core'
import { z } from 'zod'
import { type Context, exchange, parseAnswer } from './rest.ts'

const Admins = z.object({ admins: z.array(z.object({ id: z.string() })) })

export async function check(ctx: Context): Promise<CheckResult> {
  const { body } = await exchange(ctx, { effect: 'read', method: 'GET', path: ['admins'] })
  const { admins } = parseAnswer(Admins, body, maybeDone('read', 'invalid_body'))
  const { admin_id: admin, ticket_type_id: type, ticket_states: states } = ctx.settings
  const warnings: string[] = []
  if (admin === null) warnings.push('Without admin_id nothing can be written on tickets')
  else if (!admins.some(({ id }) => id === admin)) {
    warnings.push(`There is no teammate ${admin}; set admin_id`)
  }
  if (type === null) warnings.push('Without ticket_type_id no ticket can be made')
  const unset = Object.entries(states).filter(([, id]) => id === null)
  if (unset.length > 0) {
    const names = unset.map(([name]) => name).join(', ')
    warnings.push(`ticket_states has no id for ${names}: tickets cannot be moved there`)
  }
  return { account: null, warnings }
}
