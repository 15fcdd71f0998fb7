import type { CheckResult } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { type Context, sendBatch } from './batch.ts'

/** Sends a batch of nothing: a bad key is told so, and a good one that there is nothing in it. */
export async function check(ctx: Context): Promise<CheckResult> {
  try {
    await sendBatch(ctx, [], 'read')
  } catch (error) {
    const isOnlyEmpty = error instanceof ConnectorFault && error.verdict.detail === 'http_400'
    if (!isOnlyEmpty) throw error
  }
  return {
    account: null,
    warnings: ['A collector may take any write key: look for a first event in its live view'],
  }
}
