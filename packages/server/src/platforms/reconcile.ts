// Asks platforms for calls whose end never came, and for calls of which nothing came at all.
//
//   every minute, each platform in turn ─▶ open and silent calls ─▶ record ─▶ settled
//                                       ─▶ now and then: the list of late calls ─▶ unknown ones ─▶ record
//
// R1. One request at a time for a platform, with a pause between them, and few in a round.
// R2. What is asked twice comes to the same; a call that goes on there is left alone for a while.
// R3. Only calls of agents that stand for one here are taken over: an account has others.

import type { Clock } from '@bookend/core'
import type { Hydrated, NeutralEvent } from '@bookend/platforms'
import { lockCallIds, type PlatformCallRow } from '../store/postgres/platform-calls.ts'
import { askPlatform } from './ask-platform.ts'
import { hearOfCall } from './hear-call.ts'
import { listRequest, readCallIds } from './list-calls.ts'
import type { LivePlatform, LivePlatforms } from './live-platforms.ts'
import { pickAgent } from './pick-agent.ts'
import { applyFetched, fetchCall, type PlatformWorkParts } from './platform-work.ts'
import { tell } from './take-delivery.ts'

export interface ReconcileParts extends PlatformWorkParts {
  readonly live: Pick<LivePlatforms, 'byId' | 'list'>
  /** Between two requests to one platform. */
  readonly paceMs?: number
}

export interface Reconciling {
  /** One round; answers how many calls were completed by it. */
  look(): Promise<number>
  close(): Promise<void>
}

const LOOK_EVERY_MS = 60_000
const LIST_EVERY_MS = 300_000
const SILENT_MINUTES = 5
const AT_ONCE = 20
const PACE_MS = 1_000
/** Further back nobody would act on a call any more. */
const LIST_BACK_MS = 2 * 3_600_000
/** What is happening now is reported by the platform itself. */
const SETTLED_AFTER_MS = 300_000

export function startReconciling(parts: ReconcileParts): Reconciling {
  const { clock, log, live } = parts
  const stop = new AbortController()
  const listedAtMs = new Map<string, number>()
  let cancel: () => void = () => undefined
  let looking: Promise<number> = Promise.resolve(0)

  async function look(): Promise<number> {
    const able = live.list().filter(({ connection }) => connection?.hydrationOf('x') != null)
    const rounds = able.map((one) => lookAt(one).catch((err: unknown) => failed(one, err)))
    return (await Promise.all(rounds)).reduce((sum, count) => sum + count, 0)
  }

  async function lookAt(one: LivePlatform): Promise<number> {
    const ask = createAsking(parts, stop.signal)
    const completed = await askForOpen(parts, one, ask)
    const nowMs = clock.monotonicMs()
    const dueMs = (listedAtMs.get(one.row.id) ?? -Infinity) + LIST_EVERY_MS
    if (nowMs < dueMs || stop.signal.aborted) return completed
    listedAtMs.set(one.row.id, nowMs)
    return completed + (await askForUnknown(parts, one, ask))
  }

  function failed({ label: platform }: LivePlatform, err: unknown): number {
    log.warn({ err, platform }, 'a platform could not be asked for lost calls')
    return 0
  }

  function lookLater(): void {
    if (stop.signal.aborted) return
    cancel = clock.setTimer(LOOK_EVERY_MS, () => {
      looking = look()
        .then((count) => {
          if (count > 0) log.info({ count }, 'calls completed whose end was not delivered')
          return count
        })
        .finally(lookLater)
    })
  }

  lookLater()
  return {
    look,
    async close() {
      stop.abort()
      cancel()
      await looking
    },
  }
}

interface Asking {
  /** Runs one request after the pause that is due (R1); null: it is time to stop. */
  <T>(request: (signal: AbortSignal) => Promise<T>): Promise<T | null>
}

function createAsking(
  { clock, paceMs = PACE_MS }: { readonly clock: Clock; readonly paceMs?: number },
  signal: AbortSignal,
): Asking {
  let isFirst = true
  return async (request) => {
    if (!isFirst && paceMs > 0) await pause(clock, paceMs, signal)
    isFirst = false
    return signal.aborted ? null : await request(signal)
  }
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(delayMs, resolve)
    const onAbort = (): void => {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

async function askForOpen(parts: ReconcileParts, live: LivePlatform, ask: Asking): Promise<number> {
  let completed = 0
  for (const row of await takeSilent(parts, live)) {
    const fetched = await ask((signal) => fetchCall(parts, live, row, signal))
    if (fetched === null || fetched.kind === 'refused') break
    if (fetched.kind !== 'call') continue
    await applyFetched(parts, live, row, fetched)
    completed += 1
  }
  return completed
}

/** Calls that go on as far as anybody knows, and of which nothing was heard for a while. */
async function takeSilent(
  { database, clock }: ReconcileParts,
  { row }: LivePlatform,
): Promise<readonly PlatformCallRow[]> {
  return await database.query<PlatformCallRow>(
    `update platform_calls p set asked_at = $3
     from (select call_id from platform_calls
       where workspace_id = $1 and connection_id = $2 and not 'call.completed' = any(emitted)
         and (due_at is null or due_at < $3)
         and greatest(heard_at, asked_at) < $3::timestamptz - interval '${SILENT_MINUTES} minutes'
       order by heard_at limit ${AT_ONCE} for update skip locked) silent
     where p.workspace_id = $1 and p.call_id = silent.call_id returning p.*`,
    [row.workspace_id, row.id, clock.now()],
  )
}

async function askForUnknown(
  parts: ReconcileParts,
  live: LivePlatform,
  ask: Asking,
): Promise<number> {
  const { platform, created_at: connectedAt } = live.row
  const now = parts.clock.now()
  // What was before it was connected is none of ours.
  const since = new Date(Math.max(now.getTime() - LIST_BACK_MS, connectedAt.getTime()))
  const record = live.connection?.hydrationOf('x') ?? null
  const list = record === null ? null : listRequest(platform, record, since)
  if (list === null) return 0
  const listed = await ask((signal) => askPlatform(parts.outgoing, list, signal))
  const ids = listed?.kind === 'answered' ? readCallIds(platform, listed) : null
  if (ids === null) return 0
  let completed = 0
  for (const id of (await unknownOf(parts, live, ids)).slice(0, AT_ONCE)) {
    const fetched = await ask((signal) => fetchById(parts, live, id, signal))
    if (fetched === null || fetched.kind === 'refused') break
    if (fetched.kind !== 'call' || !isOurs(parts, live, fetched, since, now)) continue
    await takeOver(parts, live, id, fetched)
    completed += 1
  }
  return completed
}

async function unknownOf(
  { database }: ReconcileParts,
  { row }: LivePlatform,
  ids: readonly string[],
): Promise<readonly string[]> {
  const known = await database.query<{ id: string }>(
    `select platform_call_id as id from platform_call_ids
     where workspace_id = $1 and connection_id = $2 and platform_call_id = any($3)`,
    [row.workspace_id, row.id, ids],
  )
  const names = new Set(known.map(({ id }) => id))
  return ids.filter((id) => !names.has(id))
}

async function fetchById(
  { outgoing }: ReconcileParts,
  { connection }: LivePlatform,
  id: string,
  signal: AbortSignal,
): Promise<Hydrated> {
  const request = connection?.hydrationOf(id) ?? null
  if (request === null || connection === null) return { kind: 'refused', reason: 'no record' }
  const result = await askPlatform(outgoing, request, signal)
  return result.kind === 'failed'
    ? { kind: 'not_yet', reason: result.code }
    : connection.readHydration(result)
}

type Fetched = Extract<Hydrated, { kind: 'call' }>

function isOurs(
  { snapshot }: ReconcileParts,
  { row }: LivePlatform,
  { call }: Fetched,
  since: Date,
  now: Date,
): boolean {
  const endedAt = Date.parse(call.ended_at ?? '')
  const isRecent = endedAt >= since.getTime() && endedAt <= now.getTime() - SETTLED_AFTER_MS
  const ours = call.direction === 'outbound' ? call.from_number : call.to_number
  return isRecent && pickAgent(snapshot, row, call.agent, ours ?? null) !== undefined
}

async function takeOver(
  parts: ReconcileParts,
  live: LivePlatform,
  id: string,
  { call, run_id: runId, analyzed }: Fetched,
): Promise<void> {
  const { workspace_id: workspaceId, id: connectionId, platform } = live.row
  const now = parts.clock.now()
  const eventOf = (type: NeutralEvent['event_type']): NeutralEvent => ({
    event_type: type,
    event_id: `${platform}:${id}:reconciled:${type}`,
    platform,
    payload: { call_id: id, attempt: 1, aliases: [], call },
    dedupe_key: `${platform}:${id}:reconciled:${type}`,
    run_id: runId,
    needs_hydration: false,
    occurred_at: call.ended_at ?? null,
    received_at: now.toISOString(),
  })
  const types = analyzed
    ? (['call.completed', 'call.analyzed'] as const)
    : (['call.completed'] as const)
  const heard = await parts.database.transaction(async (client) => {
    await lockCallIds(client, { workspaceId, connectionId }, [id])
    const all = []
    for (const type of types) {
      const one = { kind: 'event', event: eventOf(type) } as const
      all.push(await hearOfCall(client, parts, live, one, now))
    }
    return all
  })
  for (const one of heard) tell(parts, live, one)
}
