// The journey engine of this process.
//
//   enqueue ─▶ run, queued ─▶ claimed by a worker ─▶ executed over its journal ─▶ completed │ failed
//
// DBOS keeps its launch in the process, so there is one engine with work in each.

import type { Call } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { ConnectionRuntime } from '../connections/runtime.ts'
import type { Log } from '../log.ts'
import type { Database, Queryable } from '../store/database.ts'
import type { WorkflowRegistry } from '../workflows/registry.ts'
import { createAttemptSlots } from './attempt-slots.ts'
import type { Engine } from './engine.ts'
import { createGate } from './gate.ts'
import { enqueueRuns } from './enqueue.ts'
import { executeRun } from './execute-run.ts'
import { createPatience, waitFor } from './patience.ts'
import { openQueue } from './queue.ts'

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
  readonly changes: Pick<Changes, 'publish'>
  readonly clock: Clock
  readonly log: Log
  /** False: this process enqueues, and leaves the runs to others. */
  readonly runs: boolean
}

const ATTEMPTS_AT_ONCE = 64
/** Runs with their input in memory. */
const RUNS_AT_ONCE = 500
/** A parked run is looked at this often at least; timers hold no longer than some days. */
const PARKED_MAX_MS = 21_600_000
/** Steps may finish for this long after a stop, and are told to end for one second more. */
const FINISH_MS = 8_000
const END_MS = 1_000

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { databaseUrl, registry, changes, clock, log, runs } = options
  const stop = new AbortController()
  const abort = new AbortController()
  const executions = new Set<Promise<unknown>>()
  const places = createGate(RUNS_AT_ONCE)
  const context = {
    ...options,
    slots: createAttemptSlots(ATTEMPTS_AT_ONCE),
    patience: createPatience(clock, stop.signal),
    stop: stop.signal,
    abort: abort.signal,
    isPressed: () => places.waiting > 0,
  }

  async function execute(workspaceId: string, runId: string): Promise<boolean> {
    while (!stop.signal.aborted) {
      await places.enter()
      const execution = executeRun(context, workspaceId, runId)
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

  async function finishWithin(limitMs: number): Promise<void> {
    let cancel: () => void = () => undefined
    const limit = new Promise<void>((resolve) => (cancel = clock.setTimer(limitMs, resolve)))
    await Promise.race([Promise.allSettled(executions), limit])
    cancel()
  }

  async function drainOnce(): Promise<void> {
    stop.abort()
    await queue.stopClaiming()
    await finishWithin(FINISH_MS)
    abort.abort(new Error('The process is stopping'))
    await finishWithin(END_MS)
  }

  let draining: Promise<void> | undefined
  const drain = (): Promise<void> => (draining ??= drainOnce())

  return {
    async enqueue(client, event, call) {
      const journeys = registry.journeysOn(event.type)
      const runIds = await enqueueRuns(client, event, call, journeys, queue.putInQueue)
      for (const id of runIds) {
        changes.publish({ topic: 'runs', workspaceId: event.workspaceId, id, callId: event.callId })
      }
      return runIds
    },
    isReady: () => queue.isReady,
    drain,
    async close() {
      await drain()
      await queue.close()
    },
  }
}
