// Keeps a process at what was published, whichever process it was published by.
//
//   a change is told ─▶ refresh        every few seconds ─▶ refresh
//
// H1. Whatever is missed is made up for: a notice that is lost costs seconds (F7).
// H2. Without a database what was active stays so (F8), and the log says so once.

import type { Clock } from '@bookend/core'
import type { Changes } from '../changes/changes.ts'
import type { Log } from '../log.ts'
import type { OpenWorkflowRegistry } from './load.ts'

const EVERY_MS = 5_000

export interface FollowOptions {
  readonly registry: Pick<OpenWorkflowRegistry, 'refresh'>
  readonly changes: Pick<Changes, 'subscribe'>
  readonly clock: Pick<Clock, 'setTimer'>
  readonly log: Log
}

export function followPublished({ registry, changes, clock, log }: FollowOptions): {
  close(): void
} {
  let isAway = false
  let isClosed = false
  let cancel = (): void => undefined

  async function refresh(): Promise<void> {
    try {
      await registry.refresh()
      isAway = false
    } catch (err) {
      if (!isAway) log.warn({ err }, 'the published workflows cannot be read; what is loaded stays')
      isAway = true
    }
  }

  function wait(): void {
    if (isClosed) return
    cancel = clock.setTimer(EVERY_MS, () => void refresh().then(wait))
  }

  const unsubscribe = changes.subscribe(({ topic }) => {
    if (topic === 'config') void refresh()
  })
  wait()
  return {
    close() {
      isClosed = true
      unsubscribe()
      cancel()
    },
  }
}
