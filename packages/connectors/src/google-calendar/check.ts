import type { CheckResult } from '@bookend/core'
import { z } from 'zod'
import { type Context, events, exchange } from './rest.ts'

const Calendar = z.object({
  summary: z.string().optional(),
  timeZone: z.string().optional(),
  accessRole: z.string().optional(),
})

/** One read of the calendar: its answer also tells what the connection may do there. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { calendar_id: id, time_zone: zone } = ctx.settings
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: events(id),
    query: { maxResults: 1 },
  })
  const { summary, timeZone, accessRole } = Calendar.safeParse(body).data ?? {}
  const warnings: string[] = []
  if (accessRole !== 'writer' && accessRole !== 'owner') {
    warnings.push(
      'The calendar may only be read: share it with the right to make changes to events',
    )
  }
  if (timeZone !== undefined && timeZone !== zone) {
    warnings.push(`The calendar's own zone is ${timeZone}, and time_zone is ${zone}`)
  }
  return { account: summary ?? id, warnings }
}
