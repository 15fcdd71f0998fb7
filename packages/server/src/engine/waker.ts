// Brings parked runs back into the queue: when they are due, and at once when they are woken.

import type { Clock } from '@bookend/core'
import { AsyncResource } from 'node:async_hooks'
import type { Changes } from '../changes/changes.ts'
import type { Log } from '../log.ts'
import type { Database } from '../store/database.ts'
import { isAway } from '../store/database.ts'
import type { PutManyInQueue } from './enqueue.ts'
import { queueDueRuns } from './park-run.ts'

const LOOK_EVERY_MS = 1_000

export interface WakerOptions {
  readonly database: Database
  readonly putManyInQueue: PutManyInQueue
  readonly changes: Pick<Changes, 'publish' | 'subscribe'>
  /** Runs were put in the queue. */
  readonly onQueued: () => void
  readonly clock: Clock
  readonly log: Log
}

export function startWaker(options: WakerOptions): { close(): Promise<void> } {
  const { database, putManyInQueue, changes, onQueued, clock, log } = options
  let isClosed = false
  let isWanted = false
  let looking: Promise<void> | null = null
  let cancel: () => void = () => undefined

  async function look(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false
      const { count, isFull } = await database.transaction((client) =>
        queueDueRuns(client, putManyInQueue),
      )
      if (count > 0) onQueued()
      if (!isFull) continue
      // The other workers take their shares of it.
      changes.publish({ topic: 'wakes', workspaceId: '', id: '', callId: null })
      isWanted = true
    }
  }

  // A request that wakes it lends it nothing: neither its entry in the audit log nor what else it carries.
  const lookNow = AsyncResource.bind((): void => {
    isWanted = true
    if (looking !== null || isClosed) return
    cancel()
    looking = look()
      .catch((error: unknown) => {
        if (!isAway(error)) log.error({ err: error }, 'due runs could not be queued')
      })
      .finally(() => {
        looking = null
        if (!isClosed) cancel = clock.setTimer(LOOK_EVERY_MS, lookNow)
      })
  })

  const unsubscribe = changes.subscribe(({ topic, id }) => {
    if ((topic === 'wakes' && id !== '') || id === '*') lookNow()
  })
  lookNow()
  return {
    async close() {
      isClosed = true
      unsubscribe()
      cancel()
      await looking
    },
  }
}
