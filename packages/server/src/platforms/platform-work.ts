// What is to be done about a platform's calls when nobody delivers anything: ends that were seen coming
// and never came, analyses that are waited for no longer, records that are fetched.
//
//   due ─▶ leased ─▶ record fetched, where one is wanted ─▶ one transaction: assembled, settled, emitted
//
// W1. No request is made inside a transaction.
// W2. A lease that lapses is taken by another; whatever was done twice comes to the same (H1).
// W3. A record that cannot be had is tried for a while, and then the call is taken as it is known.

import type { HttpPort } from '@bookend/core'
import {
  assembleEvent,
  assembleFetched,
  assumeEnd,
  callIdOf,
  type CallState,
  type Hydrated,
  type NeutralEvent,
  type NeutralEventType,
} from '@bookend/platforms'
import { lockPlatformCall, type PlatformCallRow } from '../store/postgres/platform-calls.ts'
import type { Database } from '../store/database.ts'
import { askPlatform } from './ask-platform.ts'
import { fetchOf, settleState } from './hear-call.ts'
import type { LivePlatform, LivePlatforms } from './live-platforms.ts'
import { fetchDelayMs, fetchTriesMax } from './settle-call.ts'
import { tell, type TakeParts } from './take-delivery.ts'

export interface PlatformWorkParts extends TakeParts {
  readonly database: Database
  readonly live: Pick<LivePlatforms, 'byId'>
  readonly outgoing: Pick<HttpPort, 'send'>
}

export interface PlatformWork {
  /** Something is due then. */
  wake(dueAt: Date): void
  /** Does what is due now; answers how many calls it looked at. */
  look(): Promise<number>
  close(): Promise<void>
}

const LOOK_EVERY_MS = 5_000
const AT_ONCE = 20
const LEASE_S = 60

export function startPlatformWork(parts: PlatformWorkParts): PlatformWork {
  const { clock, log } = parts
  const stop = new AbortController()
  let cancel: () => void = () => undefined
  let nextAtMs = Infinity
  /** Of those that are not next. */
  let laterAtMs = Infinity
  let looking: Promise<number> = Promise.resolve(0)

  async function look(): Promise<number> {
    let seen = 0
    for (;;) {
      const due = await lease(parts)
      seen += due.length
      await Promise.all(due.map((row) => work(parts, row, stop.signal)))
      if (due.length < AT_ONCE || stop.signal.aborted) return seen
    }
  }

  function lookAt(atMs: number): void {
    if (stop.signal.aborted) return
    if (atMs >= nextAtMs) {
      laterAtMs = Math.min(laterAtMs, atMs)
      return
    }
    cancel()
    laterAtMs = Math.min(laterAtMs, nextAtMs)
    nextAtMs = atMs
    cancel = clock.setTimer(Math.max(0, atMs - clock.now().getTime()), () => {
      nextAtMs = Infinity
      looking = looking
        .then(look)
        .catch((err: unknown) => {
          log.warn({ err }, 'calls of voice platforms could not be looked after')
          return 0
        })
        .finally(() => {
          const atMs = Math.min(laterAtMs, clock.now().getTime() + LOOK_EVERY_MS)
          laterAtMs = Infinity
          lookAt(atMs)
        })
    })
  }

  lookAt(clock.now().getTime() + LOOK_EVERY_MS)
  return {
    wake: (dueAt) => lookAt(dueAt.getTime()),
    look,
    async close() {
      stop.abort()
      cancel()
      await looking
    },
  }
}

async function lease({ database, clock }: PlatformWorkParts): Promise<readonly PlatformCallRow[]> {
  return await database.query<PlatformCallRow>(
    `update platform_calls p set due_at = $1::timestamptz + interval '${LEASE_S} seconds'
     from (select workspace_id, call_id from platform_calls where due_at <= $1
       order by due_at limit ${AT_ONCE} for update skip locked) due
     where p.workspace_id = due.workspace_id and p.call_id = due.call_id returning p.*`,
    [clock.now()],
  )
}

async function work(
  parts: PlatformWorkParts,
  row: PlatformCallRow,
  signal: AbortSignal,
): Promise<void> {
  const live = parts.live.byId(row.workspace_id, row.connection_id) ?? gone(row)
  const fetched = await fetchRecord(parts, live, row, signal)
  if (signal.aborted) return
  try {
    await applyFetched(parts, live, row, fetched)
  } catch (err) {
    parts.log.warn({ err, call: row.call_id }, 'a call of a voice platform waits to be settled')
  }
}

/** Null: none is wanted now. */
async function fetchRecord(
  { outgoing, clock }: PlatformWorkParts,
  live: LivePlatform,
  row: PlatformCallRow,
  signal: AbortSignal,
): Promise<Hydrated | null> {
  const { fetch_at: fetchAt, is_fetch_over: isOver } = row
  if (isOver || fetchAt === null || fetchAt > clock.now()) return null
  return await fetchCall({ outgoing }, live, row, signal)
}

/** What the platform's own record says, now. */
export async function fetchCall(
  { outgoing }: Pick<PlatformWorkParts, 'outgoing'>,
  live: LivePlatform,
  row: Pick<PlatformCallRow, 'state' | 'fetch_id'>,
  signal?: AbortSignal,
): Promise<Hydrated> {
  const request = fetchOf(live, row)
  if (request === null || live.connection === null) {
    return { kind: 'refused', reason: 'there is no record to be had' }
  }
  const result = await askPlatform(outgoing, request, signal)
  if (result.kind === 'failed') return { kind: 'not_yet', reason: result.code }
  return live.connection.readHydration(result)
}

/** Settles the call with what its platform's record said; resolves once it is stored. */
export async function applyFetched(
  parts: PlatformWorkParts,
  live: LivePlatform,
  { workspace_id: workspaceId, call_id: callId }: PlatformCallRow,
  fetched: Hydrated | null,
): Promise<void> {
  const now = parts.clock.now()
  const heard = await parts.database.transaction(async (client) => {
    const row = await lockPlatformCall(client, workspaceId, callId)
    if (row === undefined) return null
    const after = withFetched(row, fetched, now)
    const end = assumeEnd(after.state, now)
    const state = end === null ? after.state : assembleEvent(after.state, end).state
    return await settleState(client, parts, live, { ...after, state }, now)
  })
  if (fetched?.kind === 'refused') {
    const fields = { platform: live.label, why: fetched.reason }
    parts.log.warn(fields, 'a platform does not show its record of a call')
  }
  if (heard !== null) tell(parts, live, heard)
}

function withFetched(row: PlatformCallRow, fetched: Hydrated | null, now: Date): PlatformCallRow {
  if (fetched === null) return row
  if (fetched.kind !== 'call') {
    const tries = row.fetch_tries + 1
    const isOver = fetched.kind === 'refused' || tries >= fetchTriesMax
    const fetchAt = new Date(now.getTime() + fetchDelayMs(tries))
    return { ...row, fetch_tries: tries, fetch_at: fetchAt, is_fetch_over: isOver }
  }
  const at = now.toISOString()
  let state = assembleFetched(row.state, { call: fetched.call, runId: fetched.run_id, at })
  // What its events did not say, or said to nobody.
  if (hasEnded(fetched) && state.firstAt['call.completed'] === undefined) {
    state = learnt(state, 'call.completed', at)
  }
  if (fetched.analyzed && state.firstAt['call.analyzed'] === undefined) {
    state = learnt(state, 'call.analyzed', at)
  }
  return { ...row, state, fetch_at: null }
}

const hasEnded = ({ call }: Extract<Hydrated, { kind: 'call' }>): boolean =>
  call.status !== undefined && call.status !== 'in_progress'

function learnt(state: CallState, type: NeutralEventType, at: string): CallState {
  const callId = callIdOf(state)
  if (callId === null) return state
  const key = `${state.platform}:${callId}:fetched:${type}`
  const event: NeutralEvent = {
    event_type: type,
    event_id: key,
    platform: state.platform,
    payload: { call_id: callId, attempt: 1, aliases: [] },
    dedupe_key: key,
    run_id: null,
    needs_hydration: false,
    occurred_at: null,
    received_at: at,
  }
  return assembleEvent(state, event).state
}

/** Of a connection that was deleted meanwhile: its calls come to their end all the same. */
const gone = (row: PlatformCallRow): LivePlatform => ({
  row: {
    workspace_id: row.workspace_id,
    id: row.connection_id,
    platform: row.state.platform,
    name: '',
    version: 0,
    options: Buffer.alloc(0),
    options_shown: {},
    agents: {},
    default_agent_id: null,
    analysis_wait_minutes: null,
    created_at: new Date(0),
    updated_at: new Date(0),
  },
  label: row.state.platform,
  connection: null,
  unusable: 'platform_unknown',
})
