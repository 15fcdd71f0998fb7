// What a platform delivers: stored, then acknowledged.
//
//   delivery ─▶ one transaction: every call it tells of, what it emits, the delivery itself ─▶ done
//
// D1. When this resolves it is stored; when it rejects the platform is to send it again.
// D2. A delivery that cannot be taken for a reason of its own is set apart and acknowledged: sent
//     again it would fail again, and some platforms stop sending altogether.
// D3. A repeat stores nothing, emits nothing and starts nothing (J2).

import { createId, type Clock } from '@bookend/core'
import type { EventReading, PlatformConnection, RawRequest } from '@bookend/platforms'
import type pg from 'pg'
import type { Changes } from '../changes/changes.ts'
import { announce } from '../events/accept-event.ts'
import type { Log } from '../log.ts'
import { isAway, type Database, type Queryable } from '../store/database.ts'
import { lockCallIds } from '../store/postgres/platform-calls.ts'
import { hearOfCall, idsOf, type Heard, type HeardCall, type HearParts } from './hear-call.ts'
import type { LivePlatform } from './live-platforms.ts'

export interface Delivery {
  readonly live: LivePlatform
  readonly connection: PlatformConnection
  readonly raw: RawRequest
  readonly reading: Extract<EventReading, { kind: 'events' }>
}

export interface TakeParts extends HearParts {
  readonly database: Pick<Database, 'transaction'>
  readonly changes: Pick<Changes, 'publish'>
  readonly clock: Clock
  readonly log: Log
  /** Resolves once a run that was kept is in the database, if it is on its way there. */
  readonly recorded: (runId: string) => Promise<void>
  /** Something is due then. */
  readonly onDue: (dueAt: Date) => void
  readonly onEnded: (connectionId: string, from: string | null, to: string | null) => void
}

export type TakeDelivery = (delivery: Delivery) => Promise<void>

const RECORDED_WITHIN_MS = 2_000
/** What is ignored is kept a little of, to see later what it was; what failed is kept whole (D2). */
const IGNORED_KEPT_BYTES = 4_096

export function createTakeDelivery(parts: TakeParts): TakeDelivery {
  return async (delivery) => {
    const all = itemsOf(delivery)
    await waitForRuns(parts, all)
    const heard = await store(parts, delivery, all)
    for (const one of heard) tell(parts, delivery.live, one)
  }
}

export function tell(parts: TakeParts, { row }: LivePlatform, heard: HeardCall): void {
  for (const accepted of heard.accepted) announce(parts.changes, accepted)
  if (!heard.isDuplicate) {
    const { callId: id } = heard
    parts.changes.publish({ topic: 'calls', workspaceId: row.workspace_id, id, callId: id })
  }
  if (heard.ended !== null) parts.onEnded(row.id, heard.ended.from, heard.ended.to)
  if (heard.dueAt !== null) parts.onDue(heard.dueAt)
}

const itemsOf = ({ reading: { events, notes } }: Delivery): readonly Heard[] => [
  ...events.map((event): Heard => ({ kind: 'event', event })),
  ...notes.map((note): Heard => ({ kind: 'note', note })),
]

/** A call can be over before its run has been stored. */
async function waitForRuns(parts: TakeParts, all: readonly Heard[]): Promise<void> {
  const ids = all.map((one) => (one.kind === 'event' ? one.event.run_id : one.note.run_id))
  const echoed = [...new Set(ids)].filter((id) => id !== null)
  if (echoed.length === 0) return
  const { clock } = parts
  await new Promise<void>((resolve) => {
    const cancel = clock.setTimer(RECORDED_WITHIN_MS, resolve)
    void Promise.all(echoed.map((id) => parts.recorded(id))).then(() => {
      cancel()
      resolve()
    })
  })
}

async function store(
  parts: TakeParts,
  delivery: Delivery,
  all: readonly Heard[],
): Promise<readonly HeardCall[]> {
  const { database, log } = parts
  try {
    return await database.transaction((client) => storeAll(client, parts, delivery, all))
  } catch (err) {
    if (isAway(err)) throw err
    log.error({ err, platform: delivery.live.label }, 'a delivery is set apart')
    await database.transaction((client) =>
      insertDelivery(client, parts, delivery, { outcome: 'failed', why: 'could not be stored' }),
    )
    return []
  }
}

async function storeAll(
  client: pg.PoolClient,
  parts: TakeParts,
  delivery: Delivery,
  all: readonly Heard[],
): Promise<readonly HeardCall[]> {
  const { live, reading } = delivery
  const { workspace_id: workspaceId, id: connectionId } = live.row
  const ids = [...new Set(all.flatMap(idsOf))]
  if (ids.length > 0) await lockCallIds(client, { workspaceId, connectionId }, ids)
  const heard: HeardCall[] = []
  const now = parts.clock.now()
  for (const one of all) heard.push(await hearOfCall(client, parts, live, one, now))
  const callId = heard[0]?.callId ?? null
  const isRepeat = heard.length > 0 && heard.every(({ isDuplicate }) => isDuplicate)
  if (!isRepeat) {
    const { ignored: why } = reading
    const outcome = why === null ? 'stored' : 'ignored'
    await insertDelivery(client, parts, delivery, { outcome, why, callId })
  }
  return heard
}

interface Kept {
  readonly outcome: 'stored' | 'ignored' | 'failed'
  readonly why: string | null
  readonly callId?: string | null
}

async function insertDelivery(
  client: Queryable,
  { clock }: TakeParts,
  { live, raw, reading }: Delivery,
  { outcome, why, callId = null }: Kept,
): Promise<void> {
  const { workspace_id: workspaceId, id: connectionId } = live.row
  const keys = [...reading.events, ...reading.notes].map(({ dedupe_key: key }) => key)
  const kept = outcome === 'ignored' ? raw.body.subarray(0, IGNORED_KEPT_BYTES) : raw.body
  const body = outcome === 'stored' ? null : Buffer.from(kept)
  await client.query(
    `insert into platform_deliveries
       (workspace_id, id, connection_id, received_at, call_id, outcome, why, keys, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      workspaceId,
      createId(clock.now()),
      connectionId,
      raw.received_at,
      callId,
      outcome,
      why?.slice(0, 200) ?? null,
      keys,
      body,
    ],
  )
}
