// Events of a workspace's own, those that come at the same time in one transaction.
//
// O1. An id is the workspace's: the same one in two workspaces is two events (C13).
// O2. Of one id reported many times at once, one is new (J2).

import type { JsonObject } from '@bookend/contract'
import { crashAt } from '../crash-points.ts'
import type { Engine } from '../engine/engine.ts'
import { ProblemError } from '../http/problem.ts'
import { isAway, type Database } from '../store/database.ts'
import { eventKey, findEventIds } from '../store/postgres/events.ts'
import { acceptEventsOfCalls, type Accepted } from './accept-event.ts'
import { createGroupWork } from './group-work.ts'

interface OwnEvent {
  readonly workspaceId: string
  readonly id: string
  readonly type: string
  readonly payload: JsonObject
}

interface Parts {
  readonly database: Database
  readonly engine: Pick<Engine, 'enqueue'>
}

const LANES = 2
const GROUP_MAX = 200

/** Null when it is stored already. @throws {ProblemError} The id is that of another event. */
export type StoreOwnEvent = (event: OwnEvent) => Promise<Accepted | null>

export function createOwnEvents(parts: Parts): StoreOwnEvent {
  return createGroupWork<OwnEvent, Accepted | null>({
    run: (events) => store(parts, events),
    isShared: isAway,
    lanes: LANES,
    groupMax: GROUP_MAX,
  })
}

async function store(
  { database, engine }: Parts,
  events: readonly OwnEvent[],
): Promise<readonly (Accepted | null)[]> {
  const given = events.map((event) => ({ ...event, dedupeKey: `own:${event.id}`, callId: null }))
  const results = await database.keyedTransaction(async (client) => {
    // In one order for everybody, so that two groups with the same ids do not wait for each other.
    const ordered = given.toSorted((a, b) => (eventKey(a) < eventKey(b) ? -1 : 1))
    const accepted = await acceptEventsOfCalls(
      client,
      engine,
      ordered.map((event) => ({ event, call: null })),
    )
    const nameOf = ({ workspaceId, id }: { workspaceId: string; id: string }): string =>
      `${workspaceId} ${id}`
    const fresh = new Map(accepted.map((one) => [nameOf(one.event), one]))
    const earlier = await findEventIds(
      client,
      given.filter((event) => !fresh.has(nameOf(event))),
    )
    const told = new Set<string>()
    const answers = given.map((event) => {
      const name = nameOf(event)
      const one = fresh.get(name)
      if (one === undefined && !earlier.has(eventKey(event))) {
        throw new ProblemError('already_exists', 'The event_id is that of another event')
      }
      // Of the same id twice in a group, the first is the new one (O2).
      const isRepeat = told.has(name)
      told.add(name)
      return isRepeat ? null : (one ?? null)
    })
    crashAt('ingest.before_commit')
    return answers
  })
  crashAt('ingest.after_commit')
  return results
}
