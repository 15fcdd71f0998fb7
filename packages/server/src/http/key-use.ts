// When each key was last used, written together once a minute: a request waits for none of it.

import type { Clock } from '@bookend/core'
import type { Database } from '../store/database.ts'
import type { KeyRow } from '../store/postgres/keys.ts'
import { touchKeys } from '../store/postgres/keys.ts'

const WRITE_EVERY_MS = 60_000

export class KeyUse {
  readonly #database: Database
  readonly #clock: Clock
  readonly #used = new Map<string, { workspaceId: string; id: string; at: Date }>()
  #cancel: (() => void) | null = null

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  note({ workspace_id: workspaceId, id }: KeyRow): void {
    this.#used.set(id, { workspaceId, id, at: this.#clock.now() })
    this.#cancel ??= this.#clock.setTimer(WRITE_EVERY_MS, () => void this.#write())
  }

  async close(): Promise<void> {
    this.#cancel?.()
    await this.#write()
  }

  /** Lost when the database is away: the next use is as good. */
  async #write(): Promise<void> {
    this.#cancel = null
    const used = [...this.#used.values()]
    this.#used.clear()
    if (used.length === 0) return
    await this.#database.transaction((client) => touchKeys(client, used)).catch(() => undefined)
  }
}
