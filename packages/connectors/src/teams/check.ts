import type { CheckResult } from '@bookend/core'
import { type Context, callFlow } from './rest.ts'

/** A flow waits for POST: asked by GET, it says so and does not begin. */
export async function check(ctx: Context): Promise<CheckResult> {
  await callFlow(ctx, 'read')
  return {
    account: null,
    warnings: ['Only a card that arrives shows that the flow may post; its history has the rest'],
  }
}
