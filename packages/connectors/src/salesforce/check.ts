import type { CheckResult } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { type Context, exchange, instanceOf } from './session.ts'
import { query, quote } from './soql.ts'

const Limits = z.object({
  DailyApiRequests: z.object({ Max: z.number(), Remaining: z.number() }).optional(),
})

/** Warns when so much of the day's requests is used. */
const USED_HIGH = 0.8

/** Reads the org's limits, and whether the fields that were named are there. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { body } = await exchange(ctx, { effect: 'read', method: 'GET', path: ['limits'] })
  const { success, data } = Limits.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  const warnings: string[] = []
  const { Max: max = 0, Remaining: left = 0 } = data.DailyApiRequests ?? {}
  if (max > 0 && left < max * (1 - USED_HIGH)) {
    warnings.push(`Of the ${max} requests a day, ${left} are left`)
  }
  warnings.push(...(await warnOfFields(ctx)))
  return { account: new URL(await instanceOf(ctx)).host, warnings }
}

async function warnOfFields(ctx: Context): Promise<readonly string[]> {
  const { key_field: key, contact_field: contact } = ctx.settings
  const wanted = [
    ['Task', key],
    ['Case', key],
    ['Contact', contact],
  ] as const
  const warnings: string[] = []
  for (const [object, field] of wanted) {
    if (field !== null && !(await hasField(ctx, object, field))) {
      warnings.push(`${object} has no field ${field} that this user may see`)
    }
  }
  if (key === null) warnings.push('Without key_field, what belongs to no contact may be made twice')
  if (contact === null) warnings.push('Without contact_field, a contact may be made twice')
  return warnings
}

async function hasField(ctx: Context, object: string, field: string): Promise<boolean> {
  try {
    await query(ctx, `SELECT Id FROM ${object} WHERE ${field} = ${quote('bookend')} LIMIT 1`)
    return true
  } catch (error) {
    if (error instanceof ConnectorFault && error.verdict.detail === 'invalid_field') return false
    throw error
  }
}
