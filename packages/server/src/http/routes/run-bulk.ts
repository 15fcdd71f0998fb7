// One thing done to many journey runs.
//
//   filter ─▶ a page of ids ─▶ locked, looked at again ─▶ done together │ skipped, with its reason
//      ▲                                                       │
//      └───────────── until the limit, or no more ◀────────────┘
//
// U1. A page is one transaction, so a bulk of thousands holds up nobody for long; what was done before
//     a fault stays done, and the same request goes on behind it.
// U2. A run is judged by what it is once it is locked, not by what the filter saw.

import type { BulkSkip, RunBulk, RunStatus } from '@bookend/contract'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import { findRunsToOperate, lockRuns, type BulkRun } from '../../store/postgres/run-bulk.ts'
import * as operations from '../../store/postgres/run-operations.ts'
import type { Handlers } from '../handlers.ts'

const PAGE = 250
const UNDER_WAY: readonly RunStatus[] = ['queued', 'running', 'waiting']
const ACTED_ON = { retry: ['failed'], cancel: UNDER_WAY } as const satisfies Record<
  RunBulk['action'],
  readonly RunStatus[]
>

export function runBulkRoutes({ database, changes }: Context) {
  function tell(workspaceId: string, { action }: RunBulk, runs: readonly BulkRun[]): void {
    for (const { id, callId } of runs) {
      changes.publish({ topic: 'runs', workspaceId, id, callId })
      // One word brings the waker to look; an execution has to hear that it is over.
      if (action === 'cancel') changes.publish({ topic: 'wakes', workspaceId, id, callId })
    }
    const [first] = runs
    if (first === undefined) return
    const { id, callId } = first
    changes.publish({ topic: 'wakes', workspaceId, id, callId })
    if (action === 'cancel') changes.publish({ topic: 'handoffs', workspaceId, id, callId })
  }

  async function act(
    client: pg.PoolClient,
    workspaceId: string,
    action: RunBulk['action'],
    ids: readonly string[],
  ): Promise<void> {
    switch (action) {
      case 'cancel':
        return await operations.cancelRuns(client, workspaceId, ids)
      case 'retry':
        await operations.clearFailedSteps(client, workspaceId, ids)
        return await operations.reopenRuns(client, workspaceId, ids)
    }
  }

  return {
    async operateRuns({ body, access: { workspaceId } }) {
      const { action, filter, limit, dry_run: isDryRun } = body
      const statuses = filter.status === undefined ? ACTED_ON[action] : [filter.status]
      const skipped = new Map<BulkSkip, number>()
      let [matched, done, after] = [0, 0, null] as [
        number,
        number,
        { at: string; id: string } | null,
      ]
      do {
        const size = Math.min(PAGE, limit - matched)
        const page = await database.transaction(async (client) => {
          const found = { filter, statuses }
          const { ids, ...rest } = await findRunsToOperate(client, workspaceId, found, after, size)
          const runs = await lockRuns(client, workspaceId, ids)
          const ready = runs.filter((run) => {
            const reason = skipReason(action, run)
            if (reason !== null) skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
            return reason === null
          })
          const readyIds = ready.map(({ id }) => id)
          if (!isDryRun && ready.length > 0) await act(client, workspaceId, action, readyIds)
          return { ...rest, ready, count: runs.length }
        })
        matched += page.count
        done += page.ready.length
        after = page.after
        if (!isDryRun) tell(workspaceId, body, page.ready)
      } while (after !== null && matched < limit)
      const reasons = [...skipped].map(([reason, count]) => ({ reason, count }))
      return { matched, done, skipped: reasons, has_more: after !== null }
    },
  } satisfies Partial<Handlers>
}

function skipReason(action: RunBulk['action'], { status, isMaybeDone }: BulkRun): BulkSkip | null {
  if (action === 'cancel') return UNDER_WAY.includes(status) ? null : 'over'
  if (status !== 'failed') return 'not_failed'
  return isMaybeDone ? 'maybe_done' : null
}
