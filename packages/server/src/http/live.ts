// The server-sent events of `GET /api/v1/calls/{id}/live`: a call as it goes on.
//
//   a change of the call ─▶ what was written behind the last revision sent ─▶ the socket
//           ▲                                    │
//           └── 100 ms at least, and drained ◀───┘
//
// V1. Only the database is sent from, so it does not matter which process heard of what, and
//     `Last-Event-ID`, the last revision, goes on without a gap at any of them.
// V2. A slow reader costs one page of entries: the next is read when this one is gone; who takes
//     none of it for long is cut off, and comes again.
// V3. A call that has ended ends its stream, once all of its transcript is sent.
// V4. Closing ends every stream at once, so that draining waits for none.

import type { Clock } from '@bookend/core'
import { EVERYTHING } from '../changes/change.ts'
import type { Changes } from '../changes/changes.ts'
import type { LiveCall, LiveEntry } from '../store/postgres/live-call.ts'
import { commentMs, eventStreamHead, retryMs, streamsMax } from './stream.ts'

/** As much of node's answer as a stream uses. */
interface LiveOut {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  write(text: string): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'close' | 'error' | 'drain', listener: () => void): unknown
  readonly writableNeedDrain: boolean
}

export interface LiveRequest {
  readonly workspaceId: string
  readonly callId: string
  /** The last revision that the reader has. */
  readonly after: number
}

export interface LiveStreams {
  /** Null, with nothing written, when there are too many streams, or none are served any more. */
  open(out: LiveOut, request: LiveRequest): (() => void) | null
  readonly count: number
  close(): void
}

export interface LiveParts {
  readonly changes: Pick<Changes, 'subscribe'>
  readonly clock: Clock
  /** Null when the call is gone. */
  readonly read: (request: LiveRequest) => Promise<LiveCall | null>
}

const GATHER_MS = 100
const AGAIN_MS = 1_000
const DRAIN_MS = 15_000
const NUMBER = /^\d{1,15}$/

/** The revision a reader names; one that is none of ours reads as the beginning. */
export const parseRevision = (text: unknown): number =>
  typeof text === 'string' && NUMBER.test(text) ? Number(text) : 0

export function createLiveStreams(parts: LiveParts): LiveStreams {
  const streams = new Map<string, Set<LiveStream>>()
  let count = 0
  let isClosed = false

  const unsubscribe = parts.changes.subscribe(({ topic, workspaceId, id }) => {
    if (workspaceId === EVERYTHING.workspaceId) {
      for (const watching of streams.values()) for (const stream of watching) stream.look()
    } else if (topic === 'calls') {
      for (const stream of streams.get(`${workspaceId} ${id}`) ?? []) stream.look()
    }
  })

  return {
    get count() {
      return count
    },
    open(out, request) {
      if (isClosed || count >= streamsMax) return null
      const key = `${request.workspaceId} ${request.callId}`
      const watching = streams.get(key) ?? new Set()
      const onEnd = (): void => {
        if (!watching.delete(stream)) return
        count -= 1
        if (watching.size === 0) streams.delete(key)
      }
      const stream = new LiveStream(out, request, { ...parts, onEnd })
      streams.set(key, watching.add(stream))
      count += 1
      stream.begin()
      return () => stream.end()
    },
    close() {
      isClosed = true
      unsubscribe()
      for (const watching of streams.values()) for (const stream of watching) stream.end()
    },
  }
}

class LiveStream {
  readonly #out: LiveOut
  readonly #parts: LiveParts & { readonly onEnd: () => void }
  #request: LiveRequest
  #status = ''
  #isWanted = false
  #isLooking = false
  #isEnded = false
  #cancelPause: () => void = () => undefined
  #cancelComment: () => void = () => undefined
  #drained: () => void = () => undefined

  constructor(
    out: LiveOut,
    request: LiveRequest,
    parts: LiveParts & { readonly onEnd: () => void },
  ) {
    this.#out = out
    this.#request = request
    this.#parts = parts
  }

  begin(): void {
    this.#out.on('close', () => this.#finish())
    this.#out.on('error', () => this.#finish())
    this.#out.on('drain', () => this.#drained())
    this.#out.writeHead(200, eventStreamHead)
    this.#out.write(`retry: ${retryMs}\n\n`)
    this.#commentLater()
    this.look()
  }

  look(): void {
    this.#isWanted = true
    if (this.#isLooking || this.#isEnded) return
    this.#isLooking = true
    void this.#lookWhileWanted()
  }

  end(): void {
    if (this.#isEnded) return
    this.#finish()
    this.#out.end()
  }

  /** Never rejects. */
  async #lookWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isEnded) {
      this.#isWanted = false
      try {
        await this.#lookOnce()
        await this.#pause(GATHER_MS)
      } catch {
        // The database is away; the reader waits, as it would for a silent call.
        this.#isWanted = true
        await this.#pause(AGAIN_MS)
      }
    }
    // With the last look at what is wanted, so that nobody's wish falls between.
    this.#isLooking = false
  }

  async #lookOnce(): Promise<void> {
    for (;;) {
      const call = await this.#parts.read(this.#request)
      if (this.#isEnded) return
      if (call === null) return this.end()
      for (const entry of call.entries) this.#writeEntry(entry)
      if (!call.hasMore) return this.#writeStatus(call)
      if (!(await this.#isDrained())) return
    }
  }

  #writeEntry({ revision, ...entry }: LiveEntry): void {
    this.#request = { ...this.#request, after: revision }
    this.#out.write(`id: ${revision}\nevent: transcript\ndata: ${JSON.stringify(entry)}\n\n`)
  }

  #writeStatus({ status, endedAt }: LiveCall): void {
    const data = JSON.stringify({ status, ended_at: endedAt?.toISOString() ?? null })
    if (data !== this.#status) this.#out.write(`event: status\ndata: ${data}\n\n`)
    this.#status = data
    if (endedAt === null) return
    this.#out.write('event: end\ndata: {}\n\n')
    this.end()
  }

  /** False: the reader is gone, or took nothing for long and was cut off. */
  #isDrained(): Promise<boolean> {
    if (!this.#out.writableNeedDrain) return Promise.resolve(true)
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.setTimer(DRAIN_MS, () => {
        this.#finish()
        this.#out.destroy()
      })
      this.#drained = () => {
        cancel()
        this.#drained = () => undefined
        resolve(!this.#isEnded)
      }
    })
  }

  #pause(ms: number): Promise<void> {
    if (this.#isEnded) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.setTimer(ms, resolve)
      this.#cancelPause = () => {
        cancel()
        resolve()
      }
    })
  }

  #commentLater(): void {
    this.#cancelComment = this.#parts.clock.setTimer(commentMs, () => {
      if (!this.#out.writableNeedDrain) this.#out.write(': \n\n')
      this.#commentLater()
    })
  }

  #finish(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#cancelPause()
    this.#cancelComment()
    this.#drained()
    this.#parts.onEnd()
  }
}
