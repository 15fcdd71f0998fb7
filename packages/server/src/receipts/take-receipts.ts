// What becomes of receipts that were read.
//
//   receipts ─▶ stored, once each ─▶ their runs ─▶ parked? goes on as done
//                                            └──▶ waits? looks at what came
//
// T1. All of one request is one transaction: what is acknowledged is stored and has had its effect.
// T2. Each one has its run looked at anew, also one that was told before: whatever an earlier one
//     came too early for is done by the next.

import type { SeenReceipt } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { Engine } from '../engine/engine.ts'
import { wakeRuns } from '../engine/park-run.ts'
import type { Database } from '../store/database.ts'
import { storeReceipts } from './receipt-rows.ts'
import { settleByReceipts } from './settle-by-receipts.ts'

export interface TakeReceiptsParts {
  readonly database: Pick<Database, 'transaction'>
  readonly engine: Pick<Engine, 'requeue'>
  readonly changes: Pick<Changes, 'publish'>
}

/**
 * Answers how many runs they are of.
 *
 * @throws {DatabaseAwayError} They may be stored or not; taking them again is safe.
 */
export async function takeReceipts(
  { database, engine, changes }: TakeReceiptsParts,
  { workspaceId, connection }: { readonly workspaceId: string; readonly connection: string },
  receipts: readonly SeenReceipt[],
): Promise<number> {
  if (receipts.length === 0) return 0
  const runIds = await database.transaction(async (client) => {
    const runs = await storeReceipts(client, workspaceId, connection, receipts)
    for (const runId of runs) await settleByReceipts(client, engine, workspaceId, runId)
    await wakeRuns(client, workspaceId, runs)
    return runs
  })
  for (const id of runIds) {
    changes.publish({ topic: 'wakes', workspaceId, id, callId: null })
    changes.publish({ topic: 'runs', workspaceId, id, callId: null })
  }
  return runIds.length
}
