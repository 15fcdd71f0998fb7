import { ConnectorFault, type CheckResult } from '@bookend/core'
import { z } from 'zod'
import { type Context, exchange, inProject } from './rest.ts'

const Dataset = z.object({ location: z.string() })

/** One read of the dataset, which bills nothing. */
export async function check(ctx: Context): Promise<CheckResult> {
  const { project, dataset, location } = ctx.settings
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: inProject(ctx, 'datasets', dataset),
  })
  const { success, data } = Dataset.safeParse(body)
  if (!success) throw new ConnectorFault({ kind: 'retry', detail: 'not_a_dataset' })
  const isElsewhere = location !== null && data.location.toLowerCase() !== location.toLowerCase()
  return {
    account: `${project}.${dataset}`,
    warnings: isElsewhere ? [`The dataset lies in ${data.location}: set location to it`] : [],
  }
}
