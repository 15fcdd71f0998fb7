// The queue of runs, in DBOS's tables on our database.
//
//   putInQueue (in the event's transaction) ─▶ side by side │ one lane per key ─▶ claimed ─▶ execute
//
// Q1. DBOS claims runs and keeps a lane to one run at a time (J5); what a run did is in `run_steps`.
// Q2. A claimed run that is not over stays claimed: another worker, or the next start, takes it up.

import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk'
import { ensureSystemDatabase } from '@dbos-inc/dbos-sdk/internal/system_database'
import type { Clock } from '@bookend/core'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { PutInQueue, PutManyInQueue } from './enqueue.ts'
import type { QueueEntry } from './execute-run.ts'
import type { Lease } from './lease.ts'
import { createPromptClaims } from './prompt-claims.ts'
import { openLease } from './lease.ts'
import {
  application,
  copyEntry,
  putBackInLane,
  putLastInLane,
  sweepEndedEntries,
  systemSchema,
} from './queue-rows.ts'

export interface Queue {
  readonly putInQueue: PutInQueue
  /** Runs that come back. */
  readonly putManyInQueue: PutManyInQueue
  readonly isReady: boolean
  /** Claims at once what was queued, or what the end of a run in a lane lets pass. */
  claimNow(which: keyof typeof QUEUES): void
  /** Claims nothing any more. Runs in hand go on until the connections are closed. */
  stopClaiming(): Promise<void>
  close(): Promise<void>
}

export interface QueueOptions {
  readonly databaseUrl: string
  readonly clock: Clock
  readonly log: Log
  /** Null: runs are put in, and left to other processes. */
  readonly execute: ((entry: QueueEntry) => Promise<boolean>) | null
}

const QUEUES = { side: 'journeys', lanes: 'journeys-by-key' } as const
const WORKFLOW = 'journey'
/** The engine's own look. */
const POLL_MS = 10_000
/** A word that was lost, and what a worker could not take before, is looked for this often. */
const LOOK_EVERY_MS = 1_000
const IDLE_MS = 60_000
/** Runs in hand at once; those that sleep for long cost little more than their number. */
const IN_HAND_MAX = 20_000
/** The engine's own look takes all it may at once; beyond this, prompt claims take a share each time (C4). */
const AT_A_LOOK = 200
const SWEEP_EVERY_MS = 600_000
const MIGRATION_LOCK = 4_400_003
const never = new Promise<never>(() => undefined)

export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { databaseUrl, clock, log, execute } = options
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: execute === null ? 2 : 6,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
    application_name: 'bookend engine',
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const logger = quietLogger(log)
  const claims = createPromptClaims({ clock, log, inHandMax: IN_HAND_MAX })
  const claimAll = (): void => {
    for (const queue of Object.values(QUEUES)) claims.look(queue)
  }
  let lease: Lease | null = null
  let cancelSweep: () => void = () => undefined
  let cancelLook: () => void = () => undefined

  try {
    await migrateOnce(databaseUrl, pool, logger, clock)
    const client = await DBOSClient.create({
      systemDatabaseUrl: databaseUrl,
      systemDatabasePool: pool,
      systemDatabaseSchemaName: systemSchema,
      applicationName: application.name,
      logger,
    })
    if (execute !== null) {
      const executing = new Set<string>()
      DBOS.registerWorkflow(
        async (runId: string, workspaceId: string): Promise<void> => {
          const entry = DBOS.workflowID ?? runId
          executing.add(entry)
          try {
            if (!(await execute({ workspaceId, runId, entry }))) await never
          } finally {
            executing.delete(entry)
          }
        },
        { name: WORKFLOW, maxRecoveryAttempts: 1_000_000_000 },
      )
      lease = await openLease({
        databaseUrl,
        clock,
        log,
        executing: () => executing,
        onPutBack: claimAll,
      })
      DBOS.setConfig({
        name: application.name,
        applicationVersion: application.version,
        executorID: lease.workerId,
        systemDatabaseUrl: databaseUrl,
        systemDatabasePool: pool,
        systemDatabaseSchemaName: systemSchema,
        runMigrations: false,
        // Neither is used here; as they come they take a wake-up each 10 ms, and a query each second.
        notificationCoalesceMs: IDLE_MS,
        schedulerPollingIntervalMs: IDLE_MS,
        listenQueues: [QUEUES.side, QUEUES.lanes],
        logger,
      })
      await client.registerQueue(QUEUES.side, {
        workerConcurrency: AT_A_LOOK,
        minPollingIntervalMs: POLL_MS,
      })
      await client.registerQueue(QUEUES.lanes, {
        workerConcurrency: AT_A_LOOK,
        partitionConcurrency: 1,
        minPollingIntervalMs: POLL_MS,
      })
      await DBOS.launch()
      const sweep = (): void => {
        sweepEndedEntries(pool).catch((error: unknown) =>
          log.warn({ err: error }, 'ended runs could not be swept from the queue'),
        )
        cancelSweep = clock.setTimer(SWEEP_EVERY_MS, sweep)
      }
      cancelSweep = clock.setTimer(SWEEP_EVERY_MS, sweep)
    }
    const putInQueue: PutInQueue = async (transaction, run) => {
      const { workspaceId, runId, entry, lane, queuedAt } = run
      await client.enqueueInTransaction<(runId: string, workspaceId: string) => Promise<void>>(
        transaction,
        {
          workflowName: WORKFLOW,
          workflowID: entry,
          appVersion: application.version,
          ...(lane === null
            ? { queueName: QUEUES.side }
            : { queueName: QUEUES.lanes, queuePartitionKey: lane }),
        },
        runId,
        workspaceId,
      )
      if (lane === null) return
      if (queuedAt === null) await putLastInLane(transaction, entry, lane)
      else await putBackInLane(transaction, entry, queuedAt)
    }
    let isOpen = true
    const lookNowAndThen = (): void => {
      claimAll()
      cancelLook = clock.setTimer(LOOK_EVERY_MS, lookNowAndThen)
    }
    if (execute !== null) lookNowAndThen()
    return {
      get isReady() {
        return isOpen && (lease === null || lease.isHeld)
      },
      claimNow(which) {
        if (isOpen && execute !== null) claims.look(QUEUES[which])
      },
      putInQueue,
      async putManyInQueue(transaction, runs) {
        for (const areLanes of [false, true]) {
          const [model, ...copies] = runs.filter(({ lane }) => (lane !== null) === areLanes)
          if (model === undefined) continue
          await putInQueue(transaction, model)
          await copyEntry(
            transaction,
            model,
            copies.map((run) => (areLanes ? run : { ...run, queuedAt: null })),
          )
        }
      },
      async stopClaiming() {
        isOpen = false
        cancelSweep()
        cancelLook()
        await claims.close()
        if (execute !== null) await DBOS.shutdown({ deregister: true })
      },
      async close() {
        await client.destroy()
        await lease?.close()
        await pool.end()
      },
    }
  } catch (error) {
    await lease?.close()
    await pool.end()
    throw error
  }
}

/** One process at a time; asked for again and again, as a waiting lock would hold up index builds. */
async function migrateOnce(
  databaseUrl: string,
  pool: pg.Pool,
  logger: ReturnType<typeof quietLogger>,
  clock: Clock,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const isFree = async (): Promise<boolean> =>
      (
        await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [
          MIGRATION_LOCK,
        ])
      ).rows[0]?.free === true
    while (!(await isFree())) await new Promise<void>((resolve) => clock.setTimer(100, resolve))
    // It asks for a class of its own, and uses what ours has.
    const asked = logger as unknown as Parameters<typeof ensureSystemDatabase>[1]
    await ensureSystemDatabase(databaseUrl, asked, pool, systemSchema)
  } finally {
    await client.end()
  }
}

/** What DBOS says of its own work is for those who look for it; its faults are ours to report. */
function quietLogger(log: Log) {
  const nothing = (): void => undefined
  return {
    info: nothing,
    debug: nothing,
    warn: (entry: unknown): void => log.warn({ detail: String(entry) }, 'journey queue'),
    error: (entry: unknown): void =>
      log.error(
        { detail: entry instanceof Error ? entry.message : String(entry) },
        'journey queue',
      ),
  }
}
