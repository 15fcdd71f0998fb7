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
import { asStored } from './json-column.ts'
import type { Patience } from './patience.ts'
import type { Holds } from './holds.ts'
import { holdRun, parkRun } from './park-run.ts'
import {
  type AcceptEvent,
  openPostgresJournal,
  type OpenRun,
  type RunJournal,
} from './postgres-journal.ts'
import type { RunHead, RunInput } from './run-rows.ts'
import { findEntry, withAnalysis } from './run-rows.ts'
import type { RunWriter } from './run-writer.ts'

/** The value was refused, and will be again. */
const IS_ABOUT_DATA = /^2[23]/
const AGAIN_MS = 30_000

export interface ExecuteRunOptions {
  readonly database: Database
  /** Its statements find rows by key and are prepared. */
  readonly keyed: Pick<Database, 'query'>
  readonly writer: RunWriter
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
  const { keyed, writer, changes, patience, log } = options
  const execution = randomUUID()
  const mine = { workspaceId, runId, execution }
  let callId: string | null = null
  const publish = (): void => changes.publish({ topic: 'runs', workspaceId, id: runId, callId })
  const hold = options.holds.begin(workspaceId)
  try {
    const head = await writer.open(mine, entry)
    if (head === null) {
      await patience(() => holdRun(keyed, mine, entry))
      return 'over'
    }
    callId = head.call_id
    publish()
    hold.of(head.workflow)
    const { ending, end } = await settle(options, head, { ...mine, callId }, hold.signal)
    switch (ending.kind) {
      case 'parked':
        // What is to be tried again keeps its lane: those behind it must not overtake its effect.
        if (ending.isRetrying && head.key !== null) return { againInMs: ending.waitMs }
        await patience(() => parkRun(keyed, mine, ending.waitMs))
        break
      case 'stopped':
        if (!hold.isHeld || options.stop.aborted) return 'left'
        await patience(() => parkRun(keyed, mine, 0))
        break
      case 'broken':
        if (ending.error instanceof RunTakenOverError) {
          // Cancelled, or queued anew: this entry has done its part.
          if ((await patience(() => findEntry(keyed, mine))) !== entry) return 'over'
          log.warn({ runId }, 'run taken over by another execution')
          return 'left'
        }
        if (isAway(ending.error)) return 'left'
        log.error({ runId, err: ending.error }, 'a record of the run was refused')
        if (!IS_ABOUT_DATA.test(sqlState(ending.error))) return { againInMs: AGAIN_MS }
        await writer.end(mine, 'A record of the run was refused', null)
        break
      case 'completed':
      case 'failed': {
        const error = ending.kind === 'failed' ? storableText(ending.error) : null
        const step = ending.kind === 'failed' ? (ending.step ?? null) : null
        await end(error, step)
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

/** How an execution ended, and what records the end of the run. */
interface Settled {
  readonly ending: JourneyEnding
  readonly end: RunJournal['end']
}

async function settle(
  options: ExecuteRunOptions,
  head: RunHead,
  run: OpenRun,
  stop: AbortSignal,
): Promise<Settled> {
  const { registry, connections, patience, writer } = options
  let end: RunJournal['end'] = (error, step) => writer.end(run, error, step)
  const failed = (error: string): Settled => ({ ending: { kind: 'failed', error }, end })
  try {
    const loaded = await patience(() => registry.journey(head.workflow, head.version))
    if (loaded === null) {
      return failed(
        `Version ${head.version} of journey "${head.workflow}" is not stored in this workspace, so the run cannot go on`,
      )
    }
    const { definition } = loaded
    const handles = connections.handlesFor(definition.connections, 'all')
    const input = head.input ?? (await readInput(options, head, run))
    if (input === null) return failed(`Event ${head.event_id} is no longer stored`)
    const journal = openPostgresJournal(options, run, head.input === null ? input : null)
    end = (error, step) => journal.end(error, step)
    const ending = await runJourney(
      definition,
      { runId: run.runId, ...input, connections: handles },
      {
        clock: options.clock,
        journal,
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
    return { ending, end }
  } catch (error) {
    if (isAway(error)) return { ending: { kind: 'broken', error }, end }
    return failed(describeError(error))
  }
}

/** What the run sees from now on; its first record stores it. Null: its event is gone. */
async function readInput(
  { database, findCall, patience }: ExecuteRunOptions,
  { event, call_id: callId }: RunHead,
  { workspaceId }: OpenRun,
): Promise<RunInput | null> {
  if (event === null) return null
  const call =
    callId === null ? null : await patience(() => findCall(database.pool, workspaceId, callId))
  const createdAt = new Date(event.created_at).toISOString()
  return asStored({ event: { ...event, created_at: createdAt }, call: withAnalysis(call) })
}
