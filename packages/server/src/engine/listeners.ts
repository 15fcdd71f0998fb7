import type { Changes } from '../changes/changes.ts'

export interface Listeners {
  add(runId: string, listener: () => void): () => void
  close(): void
}

/** Tells each run in this process when it has to look at what it waits for. */
export function createListeners(changes: Pick<Changes, 'subscribe'>): Listeners {
  const byRun = new Map<string, Set<() => void>>()
  const unsubscribe = changes.subscribe(({ topic, id }) => {
    const isEverything = id === '*'
    if (topic !== 'wakes' && !isEverything) return
    const heard = isEverything ? [...byRun.values()] : [byRun.get(id) ?? []]
    for (const listeners of heard) for (const listener of listeners) listener()
  })
  return {
    add(runId, listener) {
      const own = byRun.get(runId) ?? new Set()
      byRun.set(runId, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0) byRun.delete(runId)
      }
    },
    close: unsubscribe,
  }
}
