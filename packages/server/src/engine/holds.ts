// Runs under way whose journey is paused: they finish the step they are in, and let go.
//
//   run begins ─▶ its journey is known ─▶ paused? ─▶ no step starts any more ─▶ parked
//
// K1. A pause is seen by every execution, whether it comes before the journey of the run is known or
//     after: both look.

import type { Pauses } from '../pauses/pauses.ts'

interface Hold {
  /** Aborted when the process stops, or the run is held. */
  readonly signal: AbortSignal
  readonly isHeld: boolean
  /** Which journey the run is of. */
  of(workflow: string): void
  end(): void
}

export interface Holds {
  begin(workspaceId: string): Hold
  close(): void
}

export function createHolds(pauses: Pick<Pauses, 'find' | 'subscribe'>, stop: AbortSignal): Holds {
  const open = new Set<() => void>()
  const unsubscribe = pauses.subscribe(() => {
    for (const look of open) look()
  })
  return {
    begin(workspaceId) {
      const controller = new AbortController()
      let workflow: string | null = null
      let isHeld = false
      const onStop = (): void => controller.abort()
      const look = (): void => {
        if (workflow === null || pauses.find(workspaceId, 'workflow', workflow) === null) return
        isHeld = true
        controller.abort()
      }
      stop.addEventListener('abort', onStop, { once: true })
      if (stop.aborted) onStop()
      open.add(look)
      return {
        signal: controller.signal,
        get isHeld() {
          return isHeld
        },
        of(name) {
          workflow = name
          look()
        },
        end() {
          open.delete(look)
          stop.removeEventListener('abort', onStop)
        },
      }
    },
    close: unsubscribe,
  }
}
