// Deletes what is old, so that a server does not keep what people said for ever.
//
//   every hour ─▶ calls with all that is theirs ─▶ transcripts and runs of calls that are kept longer
//              ─▶ runs, events without a call ─▶ ended deliveries ─▶ idempotency keys of yesterday
//
// D1. Small batches with a pause behind each: it may run beside calls at any hour.
// D2. A run that is still open keeps what it works on: its call, its event, and what is theirs.
// D3. By the database's time, and by one process at a time: who finds another at it leaves it all.

import type { Clock } from '@bookend/core'
import { crashAt } from '../../crash-points.ts'
import type { Log } from '../../log.ts'
import { type Days, daysOf } from '../../retention/days-of.ts'
import type { Database, Queryable } from '../../store/database.ts'
import { readSettings, renderRetention } from '../../store/postgres/settings.ts'
import { listWorkspaces } from '../../store/postgres/workspaces.ts'
import * as old from './delete-old.ts'

export interface RetentionOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** How old things become where their workspace says nothing, in days; 0: for ever. */
  readonly retentionDays: number
  readonly batchMax?: number
}

/** How many rows of each kind a sweep deleted, those that went with a call not counted. */
type Swept = Readonly<Record<keyof typeof kinds, number>>

export interface Retention {
  /** Deletes what is old now. */
  sweep(): Promise<Swept>
  close(): Promise<void>
}

type DeleteBatch = (client: Queryable, batch: old.Batch) => Promise<number>

/** In this order: a call takes its runs and events along, a run frees its event. */
const kinds = {
  calls: old.deleteCalls,
  transcripts: old.deleteTranscripts,
  runsOfCalls: old.deleteRunsOfCalls,
  runs: old.deleteRuns,
  events: old.deleteEvents,
  deliveries: old.deleteDeliveries,
  platformDeliveries: old.deletePlatformDeliveries,
  keys: old.deleteIdempotencyKeys,
} as const satisfies Record<string, DeleteBatch>

const FIRST_AFTER_MS = 60_000
const SWEEP_EVERY_MS = 3_600_000
const BATCH_MAX = 200
const PAUSE_MS = 250
const LOCK = 4_400_008

export function startRetention(options: RetentionOptions): Retention {
  const { database, clock, log, retentionDays, batchMax = BATCH_MAX } = options
  let isClosed = false
  let cancel: () => void = () => undefined
  let endPause: () => void = () => undefined
  let sweeping: Promise<unknown> = Promise.resolve()

  /** Null: another process is at it. */
  async function deleteBatch(
    remove: DeleteBatch,
    workspaceId: string,
    days: number,
  ): Promise<number | null> {
    return await database.transaction(async (client) => {
      const { rows } = await client.query<{ free: boolean }>(
        'select pg_try_advisory_xact_lock($1) as free',
        [LOCK],
      )
      if (rows[0]?.free !== true) return null
      const deleted = await remove(client, { workspaceId, days, limit: batchMax })
      if (deleted > 0) crashAt('retention.before_commit')
      return deleted
    })
  }

  async function sweepKind(
    remove: DeleteBatch,
    workspaceId: string,
    days: number,
  ): Promise<{ total: number; isLeft: boolean }> {
    let total = 0
    while (!isClosed) {
      const deleted = await deleteBatch(remove, workspaceId, days)
      if (deleted === null) return { total, isLeft: true }
      total += deleted
      if (deleted < batchMax) break
      await pause()
    }
    return { total, isLeft: isClosed }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const stop = clock.setTimer(PAUSE_MS, resolve)
      endPause = () => (stop(), resolve())
    })
  }

  async function sweep(): Promise<Swept> {
    const swept = Object.fromEntries(typedKeys(kinds).map((name) => [name, 0])) as Record<
      keyof typeof kinds,
      number
    >
    const queryable = { query: database.pool.query.bind(database.pool) }
    for (const { id } of await listWorkspaces(database.pool)) {
      const days = daysOf(renderRetention(await readSettings(queryable, id)), retentionDays)
      for (const name of typedKeys(kinds)) {
        const kept = daysOfKind(name, days)
        if (kept === 0) continue
        const { total, isLeft } = await sweepKind(kinds[name], id, kept)
        swept[name] += total
        if (isLeft) return tell(swept)
      }
    }
    return tell(swept)
  }

  function tell(swept: Swept): Swept {
    if (Object.values(swept).some((count) => count > 0)) log.info(swept, 'old records deleted')
    return swept
  }

  function sweepLater(delayMs: number): void {
    if (isClosed) return
    cancel = clock.setTimer(delayMs, () => {
      sweeping = sweep()
        .catch((err: unknown) => log.warn({ err }, 'old records could not be deleted'))
        .finally(() => sweepLater(SWEEP_EVERY_MS))
    })
  }

  sweepLater(FIRST_AFTER_MS)
  return {
    sweep,
    async close() {
      isClosed = true
      cancel()
      endPause()
      await sweeping
    },
  }
}

/** 0: nothing of it is deleted. */
function daysOfKind(kind: keyof typeof kinds, days: Days): number {
  switch (kind) {
    case 'calls':
    case 'events':
    case 'platformDeliveries':
      return days.calls
    case 'transcripts':
      return days.transcripts ?? 0
    case 'runsOfCalls':
      return days.runs ?? 0
    case 'runs':
      return days.runs ?? days.calls
    case 'deliveries':
      return days.deliveries
    case 'keys':
      return 1
  }
}

const typedKeys = <K extends string>(table: Readonly<Record<K, unknown>>): K[] =>
  Object.keys(table) as K[]
