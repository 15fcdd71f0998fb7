// The journey engine of this process.
//
//   enqueue ─▶ run, queued ─▶ claimed by a worker ─▶ executed over its journal ─▶ completed │ failed
//
// DBOS keeps its launch in the process, so there is one engine with work in each.

import { setMaxListeners } from 'node:events'
import type { Call } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { ConnectionRuntime } from '../connections/runtime.ts'
import { acceptEvent, announce } from '../events/accept-event.ts'
import type { CallRules } from '../scheduled-calls/call-rules.ts'
import type { HandoffLinks } from '../handoffs/links.ts'
import type { Log } from '../log.ts'
import type { Pauses } from '../pauses/pauses.ts'
import { settleByReceipts } from '../receipts/settle-by-receipts.ts'
import type { Database, Queryable } from '../store/database.ts'
import { openDatabase } from '../store/database.ts'
import type { WorkflowRegistry } from '../workflows/registry.ts'
import { createAttemptSlots } from './attempt-slots.ts'
import type { Engine } from './engine.ts'
import { createFairGate } from './fair-gate.ts'
import { enqueueRuns } from './enqueue.ts'
import type { ExecuteRunOptions, QueueEntry } from './execute-run.ts'
import { executeRun } from './execute-run.ts'
import { createHolds } from './holds.ts'
import { createListeners } from './listeners.ts'
import { giveEntry } from './park-run.ts'
import type { AcceptEvent } from './postgres-journal.ts'
import { startWaker } from './waker.ts'
import { createPatience, waitFor } from './patience.ts'
import { createRunWriter } from './run-writer.ts'
import { openQueue } from './queue.ts'
import { watchYoungTables } from './young-tables.ts'

export interface EngineOptions {
  readonly database: Database
  readonly databaseUrl: string
  readonly registry: Pick<WorkflowRegistry, 'journeysOn' | 'journey'>
  readonly connections: Pick<ConnectionRuntime, 'handlesFor' | 'enter'>
  readonly findCall: (
    client: Queryable,
    workspaceId: string,
    callId: string,
  ) => Promise<Call | null>
  readonly changes: Pick<Changes, 'publish' | 'subscribe'>
  readonly pauses: Pick<Pauses, 'find' | 'subscribe'>
  readonly links: Pick<HandoffLinks, 'linkFor'>
  readonly calls: CallRules
  readonly clock: Clock
  readonly log: Log
  /** False: this process enqueues, and leaves the runs to others. */
  readonly runs: boolean
  /** Counts a journey whose `if` said no to an event. */
  readonly onSuppressed?: (journey: string) => void
}

const ATTEMPTS_AT_ONCE = 64
const RECORDS_AT_ONCE = 6
/** Runs with their input in memory. */
const RUNS_AT_ONCE = 500
/** A parked run is looked at this often at least; timers hold no longer than some days. */
const PARKED_MAX_MS = 21_600_000
/** Steps may finish for this long after a stop, and are told to end for one second more. */
const FINISH_MS = 8_000
const END_MS = 1_000
/** From the end of a run until the engine has recorded it, and lets the next of its lane pass. */
const LANE_LEFT_MS = 10

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { databaseUrl, registry, changes, clock, log, runs } = options
  const stop = new AbortController()
  const abort = new AbortController()
  // Each run under way hears of both.
  setMaxListeners(0, stop.signal, abort.signal)
  const executions = new Set<Promise<unknown>>()
  const places = createFairGate(RUNS_AT_ONCE)
  const listeners = createListeners(changes)
  const holds = createHolds(options.pauses, stop.signal)
  const patience = createPatience(clock, stop.signal)
  // Connections of its own: a backlog of runs leaves the others to those who answer calls (F25).
  const keyed = openDatabase(databaseUrl, { connections: RECORDS_AT_ONCE, isKeyed: true })
  const young = watchYoungTables(options.database, log)
  const context: ExecuteRunOptions = {
    ...options,
    keyed,
    writer: createRunWriter({ database: keyed, patience, onOpened: young.noteOpened }),
    listen: (runId, listener) => listeners.add(runId, listener),
    accept,
    slots: createAttemptSlots(ATTEMPTS_AT_ONCE),
    patience,
    stop: stop.signal,
    abort: abort.signal,
    holds,
    isPressed: () => places.waiting > 0,
    async onParked({ workspaceId, runId }) {
      const goesOn = await options.database.transaction((client) =>
        settleByReceipts(client, engine, workspaceId, runId),
      )
      if (goesOn) claimNow()
    },
    onLaneLeft: () => void clock.setTimer(LANE_LEFT_MS, () => queue.claimNow('lanes')),
  }

  async function execute(entry: QueueEntry): Promise<boolean> {
    while (!stop.signal.aborted) {
      await places.enter(entry.workspaceId)
      const execution = executeRun(context, entry)
      executions.add(execution)
      const executed = await execution.finally(() => {
        executions.delete(execution)
        places.leave()
      })
      if (typeof executed === 'string') return executed === 'over'
      await waitFor(clock, Math.min(executed.againInMs, PARKED_MAX_MS), stop.signal)
    }
    return false
  }

  const queue = await openQueue({
    databaseUrl,
    clock,
    log,
    execute: runs ? execute : null,
  })

  const { putInQueue, putManyInQueue } = queue
  const claimNow = (): void => {
    queue.claimNow('side')
    queue.claimNow('lanes')
  }
  const waker = runs
    ? startWaker({
        database: options.database,
        putManyInQueue,
        changes,
        onQueued: claimNow,
        clock,
        log,
      })
    : null
  const unsubscribe = changes.subscribe(({ topic }) => {
    if (topic === 'wakes') claimNow()
  })

  async function accept(...[client, event]: Parameters<AcceptEvent>) {
    const { workspaceId, callId } = event
    const call = callId === null ? null : await options.findCall(client, workspaceId, callId)
    const accepted = await acceptEvent(client, engine, event, call, clock.now())
    return { id: accepted.event.id, announce: () => announce(changes, accepted) }
  }

  async function finishWithin(limitMs: number): Promise<void> {
    let cancel: () => void = () => undefined
    const limit = new Promise<void>((resolve) => (cancel = clock.setTimer(limitMs, resolve)))
    await Promise.race([Promise.allSettled(executions), limit])
    cancel()
  }

  async function drainOnce(): Promise<void> {
    stop.abort()
    unsubscribe()
    await waker?.close()
    await queue.stopClaiming()
    await finishWithin(FINISH_MS)
    abort.abort(new Error('The process is stopping'))
    await finishWithin(END_MS)
  }

  let draining: Promise<void> | undefined
  const drain = (): Promise<void> => (draining ??= drainOnce())

  const engine: Engine = {
    async enqueue(client, event, call) {
      const journeys = registry.journeysOn(event.type)
      const tools = { putInQueue, onSuppressed: options.onSuppressed ?? (() => undefined) }
      const runIds = await enqueueRuns(client, event, call, journeys, tools)
      for (const id of runIds) {
        changes.publish({ topic: 'runs', workspaceId: event.workspaceId, id, callId: event.callId })
      }
      return runIds
    },
    requeue: (client, workspaceId, runId) => giveEntry(client, putInQueue, workspaceId, runId),
    isReady: () => queue.isReady,
    drain,
    async close() {
      await drain()
      listeners.close()
      holds.close()
      await queue.close()
      await keyed.close()
    },
  }
  return engine
}
