// What changed, told to everybody who watches: in this process at once, in the others by NOTIFY.
//
//   publish ─▶ listeners here
//          └─▶ gathered for 100 ms ─▶ one statement of NOTIFYs ─▶ LISTEN elsewhere ─▶ listeners there
//
// N1. Publishing never throws, never waits and never depends on the database.
// N2. A change is a hint to look, never the record itself: whoever hears of one reads the database.
// N3. Nobody stays ignorant: after a connection was lost, and when more was gathered than is worth
//     telling one by one, the listeners are told to read everything anew.
// N4. A listener that throws costs nobody else the change.

import type { Clock } from '@bookend/core'
import { randomBytes } from 'node:crypto'
import type { Log } from '../log.ts'
import { EVERYTHING, type Change } from './change.ts'
import { openListenClient, type ListenClient } from './listen-client.ts'
import { encodeNotices, decodeNotice } from './notice.ts'
import { Outbox } from './outbox.ts'

export { EVERYTHING, type Change } from './change.ts'

export interface Changes {
  publish(change: Change): void
  /** The returned function ends it. */
  subscribe(listener: (change: Change) => void): () => void
  /** Tells the other processes what is still gathered, within a second, and lets go of the connection. */
  close(): Promise<void>
}

export interface ChangesOptions {
  readonly databaseUrl: string
  readonly log: Log
  readonly clock: Clock
}

const GATHER_MS = 100
const LAST_WORDS_MS = 1_000

/** @throws The database could not be reached; a connection lost later is opened again. */
export async function openChanges({ databaseUrl, log, clock }: ChangesOptions): Promise<Changes> {
  const changes = new NotifyingChanges(log, clock)
  await changes.open(databaseUrl)
  return changes
}

class NotifyingChanges implements Changes {
  readonly #log: Log
  readonly #clock: Clock
  readonly #boot = randomBytes(6).toString('base64url')
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #outbox = new Outbox()
  #client: ListenClient | null = null
  #cancelGather: (() => void) | null = null
  #sending: Promise<void> | null = null
  #isClosed = false

  constructor(log: Log, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  async open(databaseUrl: string): Promise<void> {
    this.#client = await openListenClient({
      databaseUrl,
      log: this.#log,
      clock: this.#clock,
      onNotice: (text) => this.#hear(text),
      onReconnect: () => {
        this.#emit(EVERYTHING)
        this.#gather()
      },
    })
  }

  publish(change: Change): void {
    this.#emit(change)
    if (this.#isClosed) return
    this.#outbox.add(change)
    this.#gather()
  }

  subscribe(listener: (change: Change) => void): () => void {
    // A wrapper of its own, so that the same function may subscribe twice.
    const entry = (change: Change): void => listener(change)
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelGather?.()
    let cancel: (() => void) | undefined
    const late = new Promise<void>((resolve) => {
      cancel = this.#clock.setTimer(LAST_WORDS_MS, resolve)
    })
    await Promise.race([this.#sendRest(), late])
    cancel?.()
    await this.#client?.close()
    this.#listeners.clear()
  }

  async #sendRest(): Promise<void> {
    await this.#sending
    await this.#send()
  }

  #emit(change: Change): void {
    for (const listener of this.#listeners) {
      try {
        listener(change)
      } catch (error) {
        this.#log.error({ err: error, topic: change.topic }, 'a listener to changes threw')
      }
    }
  }

  #hear(text: string): void {
    const notice = decodeNotice(text)
    if (notice === null || notice.boot === this.#boot) return
    for (const change of notice.changes) this.#emit(change)
  }

  #gather(): void {
    if (this.#cancelGather !== null || this.#sending !== null || this.#outbox.isEmpty) return
    this.#cancelGather = this.#clock.setTimer(GATHER_MS, () => {
      this.#cancelGather = null
      this.#sending = this.#send().finally(() => {
        this.#sending = null
        if (!this.#isClosed && this.#client?.isConnected === true) this.#gather()
      })
    })
  }

  /** What could not be told is kept; the next connection tells it. */
  async #send(): Promise<void> {
    const batch = this.#outbox.take()
    if (batch.length === 0) return
    try {
      await this.#client?.notify(encodeNotices(this.#boot, batch))
    } catch (error) {
      this.#outbox.putBack(batch)
      this.#log.warn({ err: error, changes: batch.length }, 'other processes could not be told yet')
    }
  }
}
