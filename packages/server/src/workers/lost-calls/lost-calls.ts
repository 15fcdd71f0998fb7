// Calls whose end never came: closed, so that no journey waits for ever.
//
//   every minute ─▶ started, not ended, no sign of life for long ─▶ ended as `failed`, `lost`
//                ─▶ `call.completed`, in the same transaction
//
// C1. An end that comes late after all changes nothing: the first end stands (J6).
// C2. A sign of life in the meantime wins: the call is looked at again under its lock.
// C3. By the database's time, and by one process at a time.

import type { CallComplete } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import type { Changes } from '../../changes/changes.ts'
import type { Engine } from '../../engine/engine.ts'
import { acceptEvent, announce, type Accepted } from '../../events/accept-event.ts'
import type { Log } from '../../log.ts'
import type { Database } from '../../store/database.ts'
import { completeCalls } from '../../store/postgres/call-life.ts'
import { lockCall, withParts } from '../../store/postgres/calls.ts'

export interface LostCallsOptions {
  readonly database: Database
  readonly engine: Pick<Engine, 'enqueue'>
  readonly changes: Changes
  readonly clock: Clock
  readonly log: Log
  /** How long a call may show no sign of life. */
  readonly silentMaxMs: number
}

export interface LostCalls {
  /** Closes what is lost now; answers how many. */
  look(): Promise<number>
  close(): Promise<void>
}

const LOOK_EVERY_MS = 60_000
const AT_ONCE = 100
const LOCK = 4_400_005

interface Silent {
  readonly workspace_id: string
  readonly id: string
  readonly last_sign_at: Date
}

const SILENT = `
  select c.workspace_id, c.id, greatest(c.created_at, life.last_at) as last_sign_at
  from calls c
  cross join lateral (
    select max(t.received_at) as last_at from transcript_entries t
    where t.workspace_id = c.workspace_id and t.call_id = c.id
  ) life
  where c.ended_at is null and c.status in ('ringing', 'in_progress')
    and c.created_at < now() - $1 * interval '1 millisecond'
    and greatest(c.created_at, life.last_at) < now() - $1 * interval '1 millisecond'`

export function startLostCalls(options: LostCallsOptions): LostCalls {
  const { database, clock, log, silentMaxMs } = options
  let isClosed = false
  let cancel: () => void = () => undefined
  let looking: Promise<number> = Promise.resolve(0)

  async function look(): Promise<number> {
    const lost = await database.query<Silent>(`${SILENT} order by c.created_at limit ${AT_ONCE}`, [
      silentMaxMs,
    ])
    let closed = 0
    for (const call of lost) {
      if (isClosed) break
      const accepted = await closeCall(options, call)
      if (accepted === null) continue
      announce(options.changes, accepted)
      closed += 1
    }
    if (closed > 0) log.warn({ closed }, 'calls closed whose end never came')
    return closed
  }

  function lookLater(): void {
    if (isClosed) return
    cancel = clock.setTimer(LOOK_EVERY_MS, () => {
      looking = look()
        .catch((err: unknown) => {
          log.warn({ err }, 'lost calls could not be looked for')
          return 0
        })
        .finally(lookLater)
    })
  }

  lookLater()
  return {
    look,
    async close() {
      isClosed = true
      cancel()
      await looking
    },
  }
}

/** Null when the call is no longer lost, or another process is at it. */
async function closeCall(
  { database, engine, clock, silentMaxMs }: LostCallsOptions,
  { workspace_id: workspaceId, id, last_sign_at: lastSignAt }: Silent,
): Promise<Accepted | null> {
  return await database.transaction(async (client) => {
    const { rows } = await client.query<{ free: boolean }>(
      'select pg_try_advisory_xact_lock($1) as free',
      [LOCK],
    )
    if (rows[0]?.free !== true) return null
    const call = await lockCall(client, workspaceId, id)
    const { rows: still } = await client.query(`${SILENT} and c.workspace_id = $2 and c.id = $3`, [
      silentMaxMs,
      workspaceId,
      id,
    ])
    if (call === null || still.length === 0) return null
    const report = { ...LOST, ended_at: lastSignAt.toISOString() }
    const completion = { call, report, end: 'failed' } as const
    const [ended = call] = await completeCalls(client, [completion], clock.now())
    const event = {
      workspaceId,
      type: 'call.completed',
      dedupeKey: `call.completed:${id}`,
      callId: id,
      payload: { call_id: id },
    }
    return await acceptEvent(client, engine, event, await withParts(client, ended), clock.now())
  })
}

const LOST: CallComplete = {
  ended_reason: 'lost',
  answered_by: 'unknown',
  transferred: false,
  recording_url: null,
  analysis_results: [],
  summary: null,
}
