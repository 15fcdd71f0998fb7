import type { ConnectionHealth } from '@bookend/contract'
import type { Clock, ConnectorLog } from '@bookend/core'
import type { z } from 'zod'
import type { Database } from '../../store/database.ts'
import {
  forgetOldRateLimits,
  listRateLimits,
  saveRateLimits,
} from '../../store/postgres/rate-limits.ts'
import { RateLimits } from './rate-limits.ts'

export interface OpenRateLimitsOptions {
  readonly database: Database
  readonly workspaceId: string
  readonly clock: Clock
  readonly log: ConnectorLog
}

/** The limits that this process keeps, with what was known before it. */
export async function openRateLimits(options: OpenRateLimitsOptions): Promise<RateLimits> {
  const { database, workspaceId, clock, log } = options
  const limits = new RateLimits({
    clock,
    log,
    store: {
      load: () => database.transaction((client) => listRateLimits(client, workspaceId)),
      save: (rows) =>
        database.transaction(async (client) => {
          await saveRateLimits(client, workspaceId, rows)
          await forgetOldRateLimits(client, workspaceId)
        }),
    },
  })
  await limits.open()
  return limits
}

/** As the API shows them. */
export const renderLimits = (
  limits: RateLimits,
  account: string,
): z.output<typeof ConnectionHealth>['limits'] =>
  limits.list(account).map(({ bucket, quota, remaining, reset_at, blocked_until }) => ({
    bucket,
    limit: quota,
    remaining,
    reset_at: reset_at?.toISOString() ?? null,
    blocked_until: blocked_until?.toISOString() ?? null,
  }))
