// When something last came in by each address of a platform, and why the last refused one was.
//
// D1. Of what was not verified only the reason is kept, which is ours, and never what was sent.
// D2. Written a while after it happened, and once for many: a request waits for none of it.

import type { Clock } from '@bookend/core'
import type { Door } from '@bookend/platforms'
import type { Log } from '../log.ts'
import type { Database, Queryable } from '../store/database.ts'
import type { LivePlatform } from './live-platforms.ts'

const FLUSH_AFTER_MS = 2_000

export interface DoorRow {
  readonly connection_id: string
  readonly door: Door
  readonly last_accepted_at: Date | null
  readonly last_refused_at: Date | null
  readonly last_refused_why: string | null
}

type Noted = DoorRow & { readonly workspace_id: string }

interface Options {
  readonly database: Pick<Database, 'query'>
  readonly clock: Clock
  readonly log: Log
}

export class PlatformDoors {
  readonly #options: Options
  #noted = new Map<string, Noted>()
  #cancel: (() => void) | null = null
  #isClosed = false

  constructor(options: Options) {
    this.#options = options
  }

  accepted(live: LivePlatform, door: Door): void {
    this.#note(live, door, { last_accepted_at: this.#options.clock.now() })
  }

  refused(live: LivePlatform, door: Door, why: string): void {
    const now = this.#options.clock.now()
    this.#note(live, door, { last_refused_at: now, last_refused_why: why.slice(0, 200) })
  }

  /** @throws {DatabaseAwayError} What was noted is kept for the next time. */
  async flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    const rows = [...this.#noted.values()]
    if (rows.length === 0) return
    this.#noted = new Map()
    try {
      await this.#options.database.query(
        `insert into platform_doors as d (workspace_id, connection_id, door, last_accepted_at,
           last_refused_at, last_refused_why)
         select n.* from jsonb_to_recordset($1) as n (workspace_id uuid, connection_id uuid,
           door text, last_accepted_at timestamptz, last_refused_at timestamptz,
           last_refused_why text)
         join platforms p on p.workspace_id = n.workspace_id and p.id = n.connection_id
         on conflict (workspace_id, connection_id, door) do update set
           last_accepted_at = coalesce(excluded.last_accepted_at, d.last_accepted_at),
           last_refused_at = coalesce(excluded.last_refused_at, d.last_refused_at),
           last_refused_why = coalesce(excluded.last_refused_why, d.last_refused_why)`,
        [JSON.stringify(rows)],
      )
    } catch (error) {
      for (const row of rows)
        this.#noted.set(keyOf(row), { ...row, ...this.#noted.get(keyOf(row)) })
      throw error
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.flush().catch(() => undefined)
  }

  #note({ row }: LivePlatform, door: Door, news: Partial<DoorRow>): void {
    const own = { workspace_id: row.workspace_id, connection_id: row.id, door }
    const before = this.#noted.get(keyOf(own)) ?? { ...own, ...nothing }
    this.#noted.set(keyOf(own), { ...before, ...news })
    if (this.#isClosed) return
    this.#cancel ??= this.#options.clock.setTimer(FLUSH_AFTER_MS, () => {
      this.#cancel = null
      this.flush().catch((err: unknown) =>
        this.#options.log.warn({ err }, 'what came from voice platforms is not noted'),
      )
    })
  }
}

const nothing = { last_accepted_at: null, last_refused_at: null, last_refused_why: null }

const keyOf = ({ connection_id, door }: Pick<DoorRow, 'connection_id' | 'door'>): string =>
  `${connection_id} ${door}`

export async function listDoors(
  client: Queryable,
  workspaceId: string,
): Promise<readonly DoorRow[]> {
  const { rows } = await client.query<DoorRow>(
    'select * from platform_doors where workspace_id = $1',
    [workspaceId],
  )
  return rows
}
