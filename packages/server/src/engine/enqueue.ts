// The runs an event starts, in the event's own transaction: stored with it or not at all (J1).
//
//   event ─▶ each journey on its type ─▶ if ─▶ key, once ─▶ run ─▶ queue
//
// There is one run per event and journey; with `once`, one per call, journey and what it names.
// A journey's `if`, `key` and `once` are authors' code inside our transaction: they answer at once, and what
// they throw is the run's failure, not the event's.

import type { Call } from '@bookend/contract'
import type { JourneyMatchContext } from '@bookend/core'
import { derivedId, describeError, storableText } from '@bookend/core'
import type pg from 'pg'
import type { LoadedJourney } from '../workflows/registry.ts'
import type { StoredEvent } from '../store/postgres/events.ts'
import { laneOf } from './park-run.ts'
import { insertRun, withAnalysis } from './run-rows.ts'

export interface QueuedRun {
  readonly workspaceId: string
  readonly runId: string
  /** Names its place in the queue. */
  readonly entry: string
  /** When it was queued first, for one that comes back; null: it is new. */
  readonly queuedAt: Date | null
  /** Runs of one lane go one after the other (J5); null: side by side. */
  readonly lane: string | null
}

export type PutInQueue = (client: pg.PoolClient, run: QueuedRun) => Promise<void>
export type PutManyInQueue = (client: pg.PoolClient, runs: readonly QueuedRun[]) => Promise<void>

export interface EnqueueTools {
  readonly putInQueue: PutInQueue
  /** An `if` said no. Counted, not stored: most events are of no concern to most journeys. */
  readonly onSuppressed: (journey: string) => void
}

const KEY_MAX = 256

export async function enqueueRuns(
  client: pg.PoolClient,
  event: StoredEvent,
  call: Call | null,
  journeys: readonly LoadedJourney[],
  { putInQueue, onSuppressed }: EnqueueTools,
): Promise<readonly string[]> {
  if (journeys.length === 0) return []
  const { workspaceId, callId } = event
  const context: JourneyMatchContext = {
    event: {
      event_id: event.id,
      event_type: event.type,
      created_at: event.createdAt.toISOString(),
      payload: event.payload,
    },
    call: withAnalysis(call),
  }
  const runIds: string[] = []
  for (const { name, version, definition } of journeys) {
    const match = decide(definition, context)
    if (match.kind === 'no') {
      onSuppressed(name)
      continue
    }
    const id = derivedId(workspaceId, subjectOf(event, name, match))
    const inserted = await insertRun(client, {
      workspaceId,
      id,
      workflow: name,
      version,
      callId,
      agentId: call?.agent_id ?? null,
      eventId: event.id,
      key: match.kind === 'yes' ? match.key : null,
      error: match.kind === 'failed' ? match.error : null,
    })
    if (inserted === 'exists') continue
    runIds.push(id)
    if (match.kind === 'failed' || inserted === 'held') continue
    const lane = laneOf(workspaceId, name, match.key)
    await putInQueue(client, { workspaceId, runId: id, entry: id, queuedAt: null, lane })
  }
  return runIds
}

type Match =
  | { kind: 'no' }
  | { kind: 'yes'; key: string | null; once: string | null }
  | { kind: 'failed'; error: string }

function decide(definition: LoadedJourney['definition'], context: JourneyMatchContext): Match {
  try {
    const isWanted: unknown = definition.matches(context)
    if (isPromise(isWanted)) return failed('if', 'it must answer at once, not with a promise')
    if (isWanted !== true && isWanted !== false) return failed('if', 'it must answer true or false')
    if (!isWanted) return { kind: 'no' }
  } catch (error) {
    return failed('if', describeError(error))
  }
  const key = readName('key', () => definition.keyOf(context))
  if (typeof key === 'object' && key !== null) return key
  const once = readName('once', () => definition.onceOf?.(context))
  if (typeof once === 'object' && once !== null) return once
  return { kind: 'yes', key, once }
}

/** What the run is of. A space cannot be part of an id, so no event is taken for a name. */
const subjectOf = (event: StoredEvent, journey: string, match: Match): string =>
  match.kind === 'yes' && match.once !== null
    ? `${event.callId ?? ''} ${match.once}/${journey}`
    : `${event.id}/${journey}`

function readName(
  part: 'key' | 'once',
  read: () => unknown,
): string | null | (Match & { kind: 'failed' }) {
  try {
    const name = read()
    if (isPromise(name)) return failed(part, 'it must answer at once, not with a promise')
    if (name === null || name === undefined) return null
    if (typeof name !== 'string' || name.length > KEY_MAX) {
      return failed(part, `it must answer a text of at most ${KEY_MAX} characters, or null`)
    }
    return storableText(name)
  } catch (error) {
    return failed(part, describeError(error))
  }
}

const failed = (part: 'if' | 'key' | 'once', detail: string): Match & { kind: 'failed' } => ({
  kind: 'failed',
  error: `The journey's \`${part}\` failed: ${detail}`,
})

function isPromise(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('then' in value)) return false
  // Its rejection is nobody's, and must not end the process.
  if (value instanceof Promise) value.catch(() => undefined)
  return true
}
