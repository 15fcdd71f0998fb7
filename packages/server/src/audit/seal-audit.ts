// Seals the entries of the audit log, the oldest first, and says whether all seals are whole (E12).
//
//   entry ─▶ five minutes old ─▶ sealed with the seal before it ─▶ the database lets nobody change it
//
// S1. An entry is sealed once its request is over for certain: until then it may be named or taken back.
// S2. One process seals a workspace at a time; an entry that comes in late, with an earlier instant,
//     stands behind those that were sealed before it.
// S3. What cannot be seen from inside is a log cut off at its end. The newest seal says where it ended:
//     whoever keeps it elsewhere can compare.

import type { Clock } from '@bookend/core'
import type { Log } from '../log.ts'
import type { Database, Queryable } from '../store/database.ts'

const SEAL_AFTER = '5 minutes'
const EVERY_MS = 60_000
const BATCH_MAX = 500

interface Unsealed {
  readonly workspace_id: string
  readonly id: string
}

interface Last {
  readonly position: string
  readonly seal: Buffer | null
}

/** How many were sealed. */
export async function sealAudit(database: Database, after = SEAL_AFTER): Promise<number> {
  return await database.transaction(async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('audit seal'))`)
    const { rows } = await client.query<Unsealed>(
      `select workspace_id, id from audit where seal is null and created_at < now() - $1::interval
       order by created_at, id limit $2`,
      [after, BATCH_MAX],
    )
    for (const entry of rows) await sealOne(client, entry)
    return rows.length
  })
}

async function sealOne(client: Queryable, { workspace_id, id }: Unsealed): Promise<void> {
  const { rows } = await client.query<Last>(
    `select position, seal from audit where workspace_id = $1 and position is not null
     order by position desc limit 1`,
    [workspace_id],
  )
  await client.query(
    `update audit a set position = $3, seal = seal_of($4, $3, a) where workspace_id = $1 and id = $2`,
    [workspace_id, id, Number(rows[0]?.position ?? 0) + 1, rows[0]?.seal ?? null],
  )
}

export interface AuditSeals {
  readonly sealed: number
  /** Of the newest sealed entry, in hexadecimal; null: none is sealed. */
  readonly seal: string | null
  /** The first place at which an entry is not what was sealed, or is not there. */
  readonly broken_at: number | null
}

export async function checkSeals(client: Queryable, workspaceId: string): Promise<AuditSeals> {
  const { rows } = await client.query<{
    sealed: string
    seal: string | null
    broken: string | null
  }>(
    `with chain as (
       select a as entry, a.position, a.seal, lag(a.seal) over by_place as before,
         coalesce(lag(a.position) over by_place, 0) as place_before
       from audit a where a.workspace_id = $1 and a.position is not null
       window by_place as (order by a.position))
     select count(*) as sealed,
       (select encode(seal, 'hex') from chain order by position desc limit 1) as seal,
       min(position) filter (
         where seal is distinct from seal_of(before, position, entry)
           or position <> place_before + 1) as broken
     from chain`,
    [workspaceId],
  )
  const [found] = rows
  return {
    sealed: Number(found?.sealed ?? 0),
    seal: found?.seal ?? null,
    broken_at: found?.broken == null ? null : Number(found.broken),
  }
}

export interface SealingParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
}

export function startSealing({ database, clock, log }: SealingParts): { close(): Promise<void> } {
  let isClosed = false
  let cancel: () => void = () => undefined
  let sealing: Promise<unknown> = Promise.resolve()
  const sealLater = (): void => {
    if (isClosed) return
    cancel = clock.setTimer(EVERY_MS, () => {
      sealing = sealAudit(database)
        .catch((err: unknown) => log.warn({ err }, 'the audit log could not be sealed'))
        .finally(sealLater)
    })
  }
  sealLater()
  return {
    async close() {
      isClosed = true
      cancel()
      await sealing
    },
  }
}
