// What is held at the moment, in memory: a step asks before each call, and must not wait for an answer.
//
//   change of the configuration ─▶ read anew ─▶ those who hold work back are told
//
// A1. The database decides whether a run may begin; this is for what is under way already.
// A2. While the database is away, what was held stays held and nothing else is.

import type { Pause, PauseKind } from '@bookend/contract'
import type { Changes } from '../changes/changes.ts'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { listPauses } from '../store/postgres/pauses.ts'

export interface Pauses {
  find(workspaceId: string, kind: PauseKind, name: string): Pause | null
  /** Reads what is held; whoever changed it awaits this, so that this process knows at once. */
  reload(): Promise<void>
  /** Hears that something is held, or no longer. The returned function ends it. */
  subscribe(listener: () => void): () => void
  close(): void
}

/** Where nothing can be held. */
export const noPauses: Pauses = {
  find: () => null,
  reload: async () => undefined,
  subscribe: () => () => undefined,
  close: () => undefined,
}

const nameOf = (workspaceId: string, kind: PauseKind, name: string): string =>
  `${workspaceId} ${kind} ${name}`

export async function openPauses(options: {
  readonly database: Database
  readonly changes: Pick<Changes, 'subscribe'>
  readonly log: Log
}): Promise<Pauses> {
  const { database, changes, log } = options
  const listeners = new Set<() => void>()
  let held: ReadonlyMap<string, Pause> = new Map()

  async function reload(): Promise<void> {
    const all = await listPauses(database.pool)
    held = new Map(
      all.map(({ workspaceId, ...pause }) => [nameOf(workspaceId, pause.kind, pause.name), pause]),
    )
    for (const listener of listeners) listener()
  }

  const unsubscribe = changes.subscribe(({ topic }) => {
    if (topic !== 'config') return
    reload().catch((err: unknown) => log.warn({ err }, 'what is paused could not be read'))
  })
  await reload()
  return {
    find: (workspaceId, kind, name) => held.get(nameOf(workspaceId, kind, name)) ?? null,
    reload,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: unsubscribe,
  }
}
