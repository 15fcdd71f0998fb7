// One execution of one run: its pinned version, its stored input, its journal.
//
// X1. A run keeps the version it began with (J4); one that cannot be had fails this run alone (F23).
// X2. What the run sees is read once, at its first start, and stored.
// X3. An execution that lost the run leaves it to the one that has it.

import { randomUUID } from 'node:crypto'
import type { Call } from '@bookend/contract'
import type { AttemptSlots, Clock, JourneyEnding } from '@bookend/core'
import { describeError, runJourney, RunTakenOverError, storableText } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { ConnectionRuntime } from '../connections/runtime.ts'
import type { CallRules } from '../scheduled-calls/call-rules.ts'
import type { HandoffLinks } from '../handoffs/links.ts'
import type { Log } from '../log.ts'
import type { Database, Queryable } from '../store/database.ts'
import { isAway, sqlState } from '../store/database.ts'
import type { WorkflowRegistry } from '../workflows/registry.ts'
import type { Patience } from './patience.ts'
import type { Holds } from './holds.ts'
import { holdRun, parkRun } from './park-run.ts'
import { openPostgresJournal, type AcceptEvent } from './postgres-journal.ts'
import type { RunHead, RunInput } from './run-rows.ts'
import { endRun, findEntry, findEvent, openRun, storeInput, withAnalysis } from './run-rows.ts'

/** The value was refused, and will be again. */
const IS_ABOUT_DATA = /^2[23]/
const AGAIN_MS = 30_000

export interface ExecuteRunOptions {
  readonly database: Database
  readonly registry: Pick<WorkflowRegistry, 'journey'>
  readonly connections: Pick<ConnectionRuntime, 'handlesFor' | 'enter'>
  readonly findCall: (
    client: Queryable,
    workspaceId: string,
    callId: string,
  ) => Promise<Call | null>
  readonly changes: Pick<Changes, 'publish'>
  readonly clock: Clock
  readonly log: Log
  readonly slots: AttemptSlots
  readonly patience: Patience
  readonly stop: AbortSignal
  readonly abort: AbortSignal
  readonly holds: Holds
  readonly links: Pick<HandoffLinks, 'linkFor'>
  readonly calls: CallRules
  /** Takes in an event of the run's own, in the transaction of its record. */
  readonly accept: AcceptEvent
  /** Hears when this run has to look at what it waits for. */
  listen(runId: string, listener: () => void): () => void
  /** The run was parked: a receipt may have come while it was. */
  onParked(run: { readonly workspaceId: string; readonly runId: string }): Promise<void>
  /** The run had a lane, and leaves it to the next one in it. */
  onLaneLeft(): void
  /** Whether other runs wait for a place. */
  isPressed(): boolean
}

/** A place in the queue, and the run that it is for. */
export interface QueueEntry {
  readonly workspaceId: string
  readonly runId: string
  readonly entry: string
}

/** Over, which for this entry a run that waits outside of the queue is as well; to be executed again in some milliseconds; or left to another start or worker. */
export type Executed = 'over' | 'left' | { readonly againInMs: number }

export async function executeRun(
  options: ExecuteRunOptions,
  { workspaceId, runId, entry }: QueueEntry,
): Promise<Executed> {
  const { database, changes, patience, log } = options
  const execution = randomUUID()
  const mine = { workspaceId, runId, execution }
  let callId: string | null = null
  const publish = (): void => changes.publish({ topic: 'runs', workspaceId, id: runId, callId })
  const hold = options.holds.begin(workspaceId)
  try {
    const head = await patience(() => openRun(database, mine, entry))
    if (head === null) {
      await patience(() => holdRun(database, mine, entry))
      return 'over'
    }
    callId = head.call_id
    publish()
    hold.of(head.workflow)
    const ending = await settle(options, head, { ...mine, callId }, hold.signal)
    switch (ending.kind) {
      case 'parked':
        // What is to be tried again keeps its lane: those behind it must not overtake its effect.
        if (ending.isRetrying && head.key !== null) return { againInMs: ending.waitMs }
        await patience(() => parkRun(database, mine, ending.waitMs))
        break
      case 'stopped':
        if (!hold.isHeld || options.stop.aborted) return 'left'
        await patience(() => parkRun(database, mine, 0))
        break
      case 'broken':
        if (ending.error instanceof RunTakenOverError) {
          // Cancelled, or queued anew: this entry has done its part.
          if ((await patience(() => findEntry(database, mine))) !== entry) return 'over'
          log.warn({ runId }, 'run taken over by another execution')
          return 'left'
        }
        if (isAway(ending.error)) return 'left'
        log.error({ runId, err: ending.error }, 'a record of the run was refused')
        if (!IS_ABOUT_DATA.test(sqlState(ending.error))) return { againInMs: AGAIN_MS }
        await patience(() => endRun(database, mine, 'A record of the run was refused'))
        break
      case 'completed':
      case 'failed': {
        const error = ending.kind === 'failed' ? storableText(ending.error) : null
        const step = ending.kind === 'failed' ? (ending.step ?? null) : null
        await patience(() => endRun(database, mine, error, step))
        if (error?.includes(' maybe done: ')) await patience(() => options.onParked(mine))
        break
      }
    }
    publish()
    if (head.key !== null) options.onLaneLeft()
    return 'over'
  } catch (error) {
    // The process stops while the database is away: the next start goes on.
    if (isAway(error)) return 'left'
    log.error({ runId, err: error }, 'run could not be executed, trying again')
    return { againInMs: AGAIN_MS }
  } finally {
    hold.end()
  }
}

async function settle(
  options: ExecuteRunOptions,
  head: RunHead,
  run: { workspaceId: string; runId: string; callId: string | null; execution: string },
  stop: AbortSignal,
): Promise<JourneyEnding> {
  const { database, registry, connections, changes, patience, accept, links, calls } = options
  const failed = (error: string): JourneyEnding => ({ kind: 'failed', error })
  try {
    const loaded = await patience(() => registry.journey(head.workflow, head.version))
    if (loaded === null) {
      return failed(
        `Version ${head.version} of journey "${head.workflow}" is not stored in this workspace, so the run cannot go on`,
      )
    }
    const { definition } = loaded
    const handles = connections.handlesFor(definition.connections, 'all')
    const input = head.input ?? (await patience(() => readInput(options, head, run)))
    if (input === null) return failed(`Event ${head.event_id} is no longer stored`)
    return await runJourney(
      definition,
      { runId: run.runId, ...input, connections: handles },
      {
        clock: options.clock,
        journal: openPostgresJournal({ database, changes, patience, accept, links, calls }, run),
        slots: options.slots,
        random: Math.random,
        enter: (step, work) => connections.enter({ ...step, workspaceId: run.workspaceId }, work),
        stop,
        abort: options.abort,
        listen: (listener) => options.listen(run.runId, listener),
        // A lane is not held up for the sake of what a sleeping run has in memory.
        isPressed: () => head.key !== null || options.isPressed(),
      },
    )
  } catch (error) {
    if (isAway(error)) return { kind: 'broken', error }
    return failed(describeError(error))
  }
}

async function readInput(
  { database, findCall }: ExecuteRunOptions,
  head: RunHead,
  run: { workspaceId: string; runId: string },
): Promise<RunInput | null> {
  const event = await findEvent(database, run.workspaceId, head.event_id)
  if (event === null) return null
  const call =
    head.call_id === null ? null : await findCall(database.pool, run.workspaceId, head.call_id)
  return await storeInput(database, run, { event, call: withAnalysis(call) })
}
