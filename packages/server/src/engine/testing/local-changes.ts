import type { Change } from '../../changes/change.ts'
import type { Changes } from '../../changes/changes.ts'

/** Changes that no other process hears of. */
export function localChanges(): Pick<Changes, 'publish' | 'subscribe'> {
  const listeners = new Set<(change: Change) => void>()
  return {
    publish(change) {
      for (const listener of listeners) listener(change)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
