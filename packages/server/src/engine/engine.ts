// What the rest of the server knows of the journey engine.

import type { Call } from '@bookend/contract'
import type pg from 'pg'
import type { StoredEvent } from '../store/postgres/events.ts'

export interface Engine {
  /**
   * In the event's own transaction: a run for each journey whose `if` says yes; its id is made of
   * the event's and the journey's, so a repeat makes none. Answers the ids of those it made. An
   * `if` or a `key` that throws is a failed run, never a failed transaction.
   */
  enqueue(client: pg.PoolClient, event: StoredEvent, call: Call | null): Promise<readonly string[]>
  /**
   * In a transaction that has the run locked, left it unfinished and without an entry in the queue:
   * gives it one. It takes up its lane before the runs that were queued after it.
   */
  requeue(client: pg.PoolClient, workspaceId: string, runId: string): Promise<void>
  /** Whether runs that are enqueued now will be taken up by this process or one beside it. */
  isReady(): boolean
  /**
   * Takes up no more work, lets running steps finish for 8 s, then tells them through their signal.
   * Whatever is unfinished is taken up by the next start. Runs can be enqueued all the same.
   */
  drain(): Promise<void>
  /** Drains, and lets go of the database: nothing can be enqueued any more. */
  close(): Promise<void>
}
