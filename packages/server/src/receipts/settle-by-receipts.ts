import type pg from 'pg'
import type { Engine } from '../engine/engine.ts'
import { lockRun, markDone, reopenRuns } from '../store/postgres/run-operations.ts'
import { findProvenStep } from './receipt-rows.ts'

/**
 * Has a run go on that was parked at a step of which there are receipts by now, as a person would
 * who says that it was done. Whether it does.
 */
export async function settleByReceipts(
  client: pg.PoolClient,
  engine: Pick<Engine, 'requeue'>,
  workspaceId: string,
  runId: string,
): Promise<boolean> {
  if ((await lockRun(client, workspaceId, runId)) === null) return false
  const step = await findProvenStep(client, workspaceId, runId)
  if (step === null) return false
  await markDone(client, workspaceId, runId, step)
  await reopenRuns(client, workspaceId, [runId])
  await engine.requeue(client, workspaceId, runId)
  return true
}
