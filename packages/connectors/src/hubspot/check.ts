import type { CheckResult } from '@bookend/core'
import { z } from 'zod'
import { warnOfProperties } from './property.ts'
import { type Context, exchange } from './rest.ts'

const Pipelines = z.object({
  results: z.array(
    z.object({ id: z.string(), stages: z.array(z.object({ id: z.string() })).default([]) }),
  ),
})

/** Reads of the ticket pipelines and of our properties: they need the token, and tell what is not right. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: ['crm', 'v3', 'pipelines', 'tickets'],
  })
  const { portal_id: portal, ticket_pipeline: id, ticket_stages: stages } = ctx.settings
  const account = portal === null ? null : `HubSpot account ${portal}`
  const pipeline = Pipelines.safeParse(body).data?.results.find((own) => own.id === id)
  if (pipeline === undefined) {
    return { account, warnings: [`There is no ticket pipeline ${id}; set ticket_pipeline`] }
  }
  const lacking = await warnOfProperties(ctx)
  const unknown = pipeline.stages.filter((stage) => stages[stage.id] === undefined)
  const warnings = unknown.map(
    (stage) => `ticket_stages does not say what stage ${stage.id} means; it counts as open`,
  )
  return { account, warnings: [...warnings, ...warnOfRepeats(ctx), ...lacking] }
}

function warnOfRepeats({ settings }: Context): readonly string[] {
  const warnings: string[] = []
  if (settings.key_property === null) {
    warnings.push('Without key_property, what belongs to no contact may be made twice')
  }
  if (settings.phone_property === null) {
    warnings.push('Without phone_property, contacts can be written only by e-mail address')
  }
  return warnings
}
