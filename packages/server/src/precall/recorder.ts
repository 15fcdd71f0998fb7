// Takes the records of calls, and of runs without one, to the database, after their answers have left.
//
//   keep ─▶ spool ─▶ queue ─▶ one transaction for many: calls, runs, steps, `call.started` ─▶ settled
//
// R1. A record is stored once, however often it is taken there: by the id of its call or run.
// R2. A database that is away keeps the queue waiting, in order, and costs no call anything.
// R3. A record the database refuses is set apart beside the spool, and holds nobody else up.

import type { Clock } from '@bookend/core'
import { appendFile } from 'node:fs/promises'
import type pg from 'pg'
import type { Changes } from '../changes/changes.ts'
import type { Engine } from '../engine/engine.ts'
import type { Accepted, EventOfCall } from '../events/accept-event.ts'
import { acceptEventsOfCalls, announce } from '../events/accept-event.ts'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { isAway } from '../store/database.ts'
import type { CallRow } from '../store/postgres/call-row.ts'
import { renderCall } from '../store/postgres/call-row.ts'
import type { KeptRecord, PreCallRunRow } from './call-record.ts'
import { idOfRecord } from './call-record.ts'
import type { RecordText } from './record-text.ts'
import { lineOfRecord, textOfRecord } from './record-text.ts'
import type { Kept, Spool } from './spool.ts'

/** Few enough that putting them into words does not hold the loop for long. */
const BATCH_MAX = 64
/**
 * A transaction costs nearly the same for one call as for many, here and in the database. Nobody waits:
 * who asks for a call that is not there yet has it stored at once.
 */
const GATHER_MS = 100
const WAIT_MIN_MS = 100
const WAIT_MAX_MS = 5_000
const QUEUE_MAX = 200_000

export interface RecorderOptions {
  readonly spool: Spool
  readonly database: Database
  readonly engine: Pick<Engine, 'enqueue'>
  readonly changes: Changes
  readonly clock: Clock
  readonly log: Log
  /** Where records go that the database refuses. */
  readonly rejectedPath: string
}

/** Of a record that waits only its words are held, and what is needed once they are stored. */
interface Waiting {
  readonly id: string
  readonly call: CallRow | null
  readonly run: RunOfRecord | null
  readonly startedEventId: string | null
  readonly text: RecordText
  readonly kept: Kept
  /** Of an earlier process, and perhaps of an earlier version with fewer columns. */
  readonly isLeft: boolean
}

type RunOfRecord = Pick<PreCallRunRow, 'workspace_id' | 'id'>

function waitingOf(record: KeptRecord, text: RecordText, kept: Kept, isLeft: boolean): Waiting {
  const { call, run, startedEventId } = record
  const own = run === null ? null : { workspace_id: run.workspace_id, id: run.id }
  return { id: idOfRecord(record), call, run: own, startedEventId, text, kept, isLeft }
}

export class Recorder {
  readonly #options: RecorderOptions
  readonly #queue: Waiting[] = []
  readonly #pending = new Map<string, (() => void)[]>()
  #running: Promise<void> | null = null
  #isAwaited = false
  #hurry: () => void = () => undefined
  #isClosing = false

  /** Begins with what earlier processes left in the spool. */
  constructor(options: RecorderOptions) {
    this.#options = options
    for (const left of options.spool.left) {
      const record = JSON.parse(left.text) as KeptRecord
      this.#enqueue(waitingOf(record, textOfRecord(record), left, true))
    }
  }

  /** Records that the database does not have yet. */
  get waiting(): number {
    return this.#pending.size
  }

  keep(record: KeptRecord): void {
    if (this.#queue.length >= QUEUE_MAX) {
      this.#options.log.error(
        { id: idOfRecord(record) },
        'a call is not recorded: the queue is full',
      )
      return
    }
    const text = textOfRecord(record)
    const kept = this.#options.spool.keep(lineOfRecord(record, text))
    this.#enqueue(waitingOf(record, text, kept, false))
  }

  /** Resolves when the call, or the run without one, is in the database, or was never kept here. */
  async recorded(id: string): Promise<void> {
    const waiters = this.#pending.get(id)
    if (waiters === undefined) return
    this.#isAwaited = true
    this.#hurry()
    await new Promise<void>((resolve) => waiters.push(resolve))
  }

  /** Takes what is queued to the database while it answers; the spool keeps the rest. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#hurry()
    await this.#running
    this.#options.spool.close()
  }

  #enqueue(waiting: Waiting): void {
    this.#pending.set(waiting.id, [])
    this.#queue.push(waiting)
    if (this.#queue.length >= BATCH_MAX) this.#hurry()
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
  }

  async #run(): Promise<void> {
    let waitMs = WAIT_MIN_MS
    while (this.#queue.length > 0) {
      await this.#gather()
      this.#isAwaited = false
      const batch = this.#queue.slice(0, BATCH_MAX)
      try {
        await this.#store(batch)
        this.#queue.splice(0, batch.length)
        waitMs = WAIT_MIN_MS
      } catch (error) {
        this.#options.log.warn(
          { err: error, waiting: this.#queue.length },
          'calls wait to be stored',
        )
        if (this.#isClosing) return
        await this.#pause(waitMs)
        waitMs = Math.min(waitMs * 2, WAIT_MAX_MS)
      }
    }
  }

  /** Waits for more, unless there is enough, or somebody waits for what there is. */
  #gather(): Promise<void> {
    if (this.#queue.length >= BATCH_MAX || this.#isAwaited || this.#isClosing) {
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const cancel = this.#options.clock.setTimer(GATHER_MS, resolve)
      this.#hurry = () => {
        cancel()
        resolve()
      }
    })
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.setTimer(delayMs, resolve))
  }

  /** Halves a batch that is refused until the record at fault stands alone (R3). */
  async #store(batch: readonly Waiting[]): Promise<void> {
    try {
      const accepted = await this.#options.database.transaction((client) =>
        insert(client, this.#options, batch),
      )
      this.#settle(batch)
      for (const one of accepted) announce(this.#options.changes, one)
      for (const { call, run } of batch) {
        if (call === null && run !== null) this.#announceRun(run)
      }
    } catch (error) {
      if (isAway(error)) throw error
      if (batch.length === 1) return await this.#setApart(batch, error)
      const middle = batch.length >> 1
      await this.#store(batch.slice(0, middle))
      await this.#store(batch.slice(middle))
    }
  }

  #announceRun({ workspace_id: workspaceId, id }: RunOfRecord): void {
    this.#options.changes.publish({ topic: 'runs', workspaceId, id, callId: null })
  }

  async #setApart(batch: readonly Waiting[], error: unknown): Promise<void> {
    const { log, rejectedPath } = this.#options
    for (const waiting of batch) {
      log.error({ err: error, id: waiting.id }, 'the database refuses a call; set apart')
      await appendFile(rejectedPath, `${lineOfRecord(waiting, waiting.text)}\n`, { mode: 0o600 })
    }
    this.#settle(batch)
  }

  #settle(batch: readonly Waiting[]): void {
    for (const { id, kept } of batch) {
      kept.settle()
      const waiters = this.#pending.get(id) ?? []
      this.#pending.delete(id)
      for (const resolve of waiters) resolve()
    }
  }
}

async function insert(
  client: pg.PoolClient,
  { engine }: RecorderOptions,
  batch: readonly Waiting[],
): Promise<readonly Accepted[]> {
  const callTexts = batch.flatMap(({ text }) => text.call ?? [])
  const areAlike = !batch.some(({ isLeft }) => isLeft)
  const stored = await insertRows<{ id: string }>(client, 'calls', callTexts, areAlike, 'id')
  const isNew = new Set(stored.map(({ id }) => id))
  const fresh = batch.filter(({ call }) => call === null || isNew.has(call.id))
  const runTexts = fresh.flatMap(({ text }) => text.run ?? [])
  await insertRows(client, 'runs', runTexts, areAlike)
  const stepTexts = fresh.flatMap(({ text }) => text.steps)
  await insertRows(client, 'run_steps', stepTexts, areAlike)
  const events = fresh.flatMap(({ call, startedEventId: id }): EventOfCall[] =>
    call === null || id === null ? [] : [{ event: startedEvent(id, call), call: renderCall(call) }],
  )
  return await acceptEventsOfCalls(client, engine, events)
}

const startedEvent = (id: string, { workspace_id: workspaceId, id: callId }: CallRow) => ({
  workspaceId,
  id,
  type: 'call.started',
  dedupeKey: `call.started:${callId}`,
  callId,
  payload: { call_id: callId },
})

/**
 * Rows of a table as JSON objects by column; one whose key is there already is left as it is (R1).
 *
 * @param areAlike All have the columns of the first; else each is read for its own.
 */
async function insertRows<R extends pg.QueryResultRow>(
  client: pg.PoolClient,
  table: 'calls' | 'runs' | 'run_steps',
  texts: readonly string[],
  areAlike: boolean,
  returning = 'workspace_id',
): Promise<readonly R[]> {
  if (texts.length === 0) return []
  const read = areAlike ? texts.slice(0, 1) : texts
  const names = read.flatMap((text) => Object.keys(JSON.parse(text) as object))
  const columns = [...new Set(names)].join(', ')
  const { rows: inserted } = await client.query<R>(
    `insert into ${table} (${columns})
     select ${columns} from jsonb_populate_recordset(null::${table}, $1)
     on conflict do nothing returning ${returning}`,
    [`[${texts.join(',')}]`],
  )
  return inserted
}
