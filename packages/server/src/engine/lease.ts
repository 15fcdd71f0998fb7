// Who is alive. Each worker process holds an advisory lock on a connection of its own, under the
// number that DBOS knows it by; what is queued under a number whose lock is free has lost its worker.
//
//   connect ─▶ lock my number ─▶ every 3 s: ping · take over from the dead · look for stranded runs
//      ▲                            │ connection lost
//      └────────────────────────────┘
//
// L1. A killed process frees its lock with its socket, so its runs are taken over at the next look.
// L2. A process that hangs, or whose machine is gone, loses the lock after 10 s: the server ends a
//     session that is silent for that long. Nothing is measured with a worker's clock (F29).
// L3. A lock lost by one that lives costs repeats, never two records: the journal fences (N1).

import { randomInt } from 'node:crypto'
import type { Clock } from '@bookend/core'
import pg from 'pg'
import type { Log } from '../log.ts'
import { releaseRuns, releaseStrandedRuns, workersWithRuns } from './queue-rows.ts'

const LOCK_CLASS = 4_400_002
const LOOK_EVERY_MS = 3_000
const SILENT_MAX_MS = 10_000
const RECONNECT_MS = 1_000

export interface Lease {
  /** The number as DBOS records it with each run. */
  readonly workerId: string
  readonly isHeld: boolean
  close(): Promise<void>
}

export interface LeaseOptions {
  readonly databaseUrl: string
  readonly clock: Clock
  readonly log: Log
  /** Runs that are executed in this process at this moment. */
  executing(): ReadonlySet<string>
  /** Runs were put back in their queues. */
  readonly onPutBack: () => void
}

/** Resolves once the lock is held and the dead have been looked for. */
export async function openLease(options: LeaseOptions): Promise<Lease> {
  const { clock, log } = options
  const number = randomInt(1, 2 ** 31 - 1)
  const workerId = String(number)
  let client: pg.Client | null = null
  let isClosed = false
  let cancel: () => void = () => undefined
  let looking: Promise<void> = Promise.resolve()

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: options.databaseUrl,
      application_name: 'bookend lease',
      connectionTimeoutMillis: 2_000,
      query_timeout: SILENT_MAX_MS,
      keepAlive: true,
      options: `-c idle_session_timeout=${SILENT_MAX_MS} -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=2`,
    })
    fresh.on('error', () => lose(fresh))
    fresh.on('end', () => lose(fresh))
    try {
      await fresh.connect()
      if (!(await tryLock(fresh, number))) throw new Error('The lock of this worker is taken')
    } catch (error) {
      await fresh.end().catch(() => undefined)
      throw error
    }
    return fresh
  }

  function lose(lost: pg.Client): void {
    if (client !== lost) return
    client = null
    if (!isClosed) log.warn({ workerId }, 'lease lost, taking it again')
  }

  async function look(): Promise<void> {
    try {
      client ??= await connect()
      for (const dead of await workersWithRuns(client, workerId)) await takeOver(client, dead)
      const stranded = await releaseStrandedRuns(client, workerId, options.executing())
      if (stranded > 0) {
        log.warn({ stranded }, 'runs put back that nobody executed')
        options.onPutBack()
      }
    } catch (error) {
      await client?.end().catch(() => undefined)
      client = null
      throw error
    }
  }

  async function takeOver(on: pg.Client, worker: string): Promise<void> {
    const its = Number(worker)
    if (!Number.isInteger(its) || its < 1 || its >= 2 ** 31) return
    if (!(await tryLock(on, its))) return
    try {
      const taken = await releaseRuns(on, worker)
      if (taken > 0) {
        log.info({ taken }, 'runs of an ended worker put back in the queue')
        options.onPutBack()
      }
    } finally {
      await on.query('select pg_advisory_unlock($1, $2)', [LOCK_CLASS, its])
    }
  }

  function lookLater(): void {
    if (isClosed) return
    cancel = clock.setTimer(client === null ? RECONNECT_MS : LOOK_EVERY_MS, () => {
      looking = look()
        .catch((error: unknown) => log.warn({ err: error }, 'lease could not be looked after'))
        .finally(lookLater)
    })
  }

  await look()
  lookLater()
  return {
    workerId,
    get isHeld() {
      return client !== null
    },
    async close() {
      isClosed = true
      cancel()
      await looking
      await client?.end().catch(() => undefined)
    },
  }
}

async function tryLock(client: pg.Client, number: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_lock($1, $2) as locked',
    [LOCK_CLASS, number],
  )
  return rows[0]?.locked === true
}
