// Hears what changed on the server and tells the views, at their pace.
//
//   connecting ─▶ live ─▶ reconnecting ─▶ live        paused by the user or a hidden tab
//                  │ changes, gathered, at most 4 times a second ─▶ onChanges
//                  └ reset, or a new connection ─▶ onReset: all that is open reloads
//
// L1. A message whose id is not newer than the last one is ignored.
// L2. Views are told at most 4 times a second, and never while they still apply the last batch.
// L3. A lost connection is taken up again, by the browser or, where it gives up, with growing pauses.
// L4. Whenever continuity may be lost, views reload rather than trust what they have.

import { parseChange, type Change } from './change.ts'

export type { Change } from './change.ts'
export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'paused'

/** The part of `EventSource` used here. */
export interface Source {
  readonly readyState: number
  addEventListener(type: string, listen: (event: Event) => void): void
  close(): void
}

export interface ChangeStreamOptions {
  readonly open: () => Source
  /** Settles once the views have applied the batch. */
  readonly onChanges: (changes: readonly Change[]) => Promise<void>
  readonly onReset: () => Promise<void>
  readonly onState: (state: StreamState) => void
}

const CLOSED = 2
const FLUSH_MS = 250
const RETRY_FIRST_MS = 1_000
const RETRY_MAX_MS = 15_000

export class ChangeStream {
  readonly #options: ChangeStreamOptions
  #source: Source | null = null
  #lastId = 0
  #hasOpened = false
  #retryMs = RETRY_FIRST_MS
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  #isApplying = false
  #needsReset = false
  readonly #pending = new Map<string, Change>()

  constructor(options: ChangeStreamOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#source !== null) return
    // Whoever comes back to the tab does not wait for the retry, which must not open a second one.
    clearTimeout(this.#retryTimer)
    this.#options.onState(this.#hasOpened ? 'reconnecting' : 'connecting')
    this.#connect()
  }

  pause(): void {
    this.#close()
    this.#options.onState('paused')
  }

  stop(): void {
    this.#close()
  }

  #close(): void {
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    this.#pending.clear()
    this.#needsReset = false
    this.#source?.close()
    this.#source = null
  }

  #connect(): void {
    const source = this.#options.open()
    this.#source = source
    // A new source starts without a Last-Event-ID, so what lay between is unknown (L4).
    let isFirstOpen = true
    const listen = (type: string, handle: (event: Event) => void): void => {
      source.addEventListener(type, (event) => {
        if (this.#source === source) handle(event)
      })
    }
    listen('open', () => {
      this.#retryMs = RETRY_FIRST_MS
      this.#options.onState('live')
      if (isFirstOpen && this.#hasOpened) this.#reset()
      isFirstOpen = false
      this.#hasOpened = true
    })
    listen('change', (event) => this.#receive(event as MessageEvent<unknown>))
    listen('reset', () => this.#reset())
    listen('error', () => {
      this.#options.onState('reconnecting')
      if (source.readyState === CLOSED) this.#retryLater()
    })
  }

  #retryLater(): void {
    this.#source?.close()
    this.#source = null
    clearTimeout(this.#retryTimer)
    this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MAX_MS)
  }

  #receive({ lastEventId, data }: MessageEvent<unknown>): void {
    const id = Number(lastEventId)
    if (!(id > this.#lastId)) return
    this.#lastId = id
    const change = parseChange(data)
    if (change === null) return
    this.#pending.set(`${change.topic} ${change.id}`, change)
    this.#flushSoon()
  }

  #reset(): void {
    this.#lastId = 0
    this.#needsReset = true
    this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#flushTimer !== undefined || this.#isApplying) return
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = undefined
      void this.#flush()
    }, FLUSH_MS)
  }

  async #flush(): Promise<void> {
    const changes = [...this.#pending.values()]
    const needsReset = this.#needsReset
    this.#pending.clear()
    this.#needsReset = false
    this.#isApplying = true
    try {
      if (needsReset) await this.#options.onReset()
      else await this.#options.onChanges(changes)
    } finally {
      this.#isApplying = false
      if (this.#source !== null && (this.#pending.size > 0 || this.#needsReset)) this.#flushSoon()
    }
  }
}
