// The server-sent events of `GET /api/v1/stream`: what changed in one workspace, for who watches it.
//
//   changes ─▶ numbered, the last 1,000 kept ─▶ each stream: its workspace, its topics
//           ─▶ the same record at most four times a second ─▶ the socket
//
// S1. A stream hears of its own workspace only (I5).
// S2. `Last-Event-ID` goes on without a gap, or the stream says `reset`: read everything anew.
// S3. A slow reader costs bounded memory: over 256 KiB unread it is cut off, and comes again.
// S4. Closing ends every stream at once, so that draining waits for none.

import { streamTopics } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import { EVERYTHING, type Change } from '../changes/change.ts'
import type { Changes } from '../changes/changes.ts'
import { ChangeRing, type NumberedChange } from './change-ring.ts'

export { streamTopics }
export type StreamTopic = (typeof streamTopics)[number]

/** As much of node's answer as a stream uses. */
export interface StreamOut {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  write(text: string): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'close' | 'error', listener: () => void): unknown
  readonly writableLength: number
}

interface StreamRequest {
  readonly workspaceId: string
  readonly topics: readonly StreamTopic[]
  /** The header, as it came. */
  readonly lastEventId: string | undefined
}

export interface Streams {
  /**
   * Writes the head and whatever was missed, then stays. Null, with nothing written, when there are
   * too many streams already, or none are served any more. The returned function ends this one.
   */
  open(out: StreamOut, request: StreamRequest): (() => void) | null
  readonly count: number
  close(): void
}

export const streamsMax = 500
const UNREAD_MAX_BYTES = 262_144
const GATHER_MS = 250
export const commentMs = 15_000
/** How long a browser waits before it comes again. */
export const retryMs = 2_000
const NUMBER = /^\d{1,15}$/

export const eventStreamHead = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
  connection: 'close',
} as const

/** Null for a list that names none, or one there is not. */
export function parseTopics(text: string | undefined): readonly StreamTopic[] | null {
  const names = new Set((text ?? '').split(',').map((name) => name.trim()))
  const topics = streamTopics.filter((topic) => names.has(topic))
  return topics.length > 0 && topics.length === names.size ? topics : null
}

export function createStreams(options: {
  readonly changes: Pick<Changes, 'subscribe'>
  readonly clock: Clock
}): Streams {
  const { changes, clock } = options
  const ring = new ChangeRing()
  const streams = new Set<Stream>()
  let isClosed = false

  const unsubscribe = changes.subscribe((change) => {
    const entry = ring.add(change, clock.now())
    for (const stream of streams) stream.hear(entry)
  })

  return {
    get count() {
      return streams.size
    },
    open(out, request) {
      if (isClosed || streams.size >= streamsMax) return null
      const stream = new Stream(out, request, { ring, clock, onEnd: () => streams.delete(stream) })
      streams.add(stream)
      stream.begin()
      return () => stream.end()
    },
    close() {
      isClosed = true
      unsubscribe()
      for (const stream of streams) stream.end()
    },
  }
}

interface Parts {
  readonly ring: ChangeRing
  readonly clock: Clock
  readonly onEnd: () => void
}

class Stream {
  readonly #out: StreamOut
  readonly #request: StreamRequest
  readonly #parts: Parts
  /** The latest of each record that waits for its turn; the earliest heard first. */
  readonly #waiting = new Map<string, NumberedChange>()
  #cancelGather: (() => void) | null = null
  #cancelComment: () => void = () => undefined
  #isEnded = false

  constructor(out: StreamOut, request: StreamRequest, parts: Parts) {
    this.#out = out
    this.#request = request
    this.#parts = parts
  }

  begin(): void {
    this.#out.on('close', () => this.#finish())
    this.#out.on('error', () => this.#finish())
    this.#out.writeHead(200, eventStreamHead)
    this.#write(`retry: ${retryMs}\n\n`)
    this.#goOn()
    this.#commentLater()
  }

  hear(entry: NumberedChange): void {
    if (this.#isEnded || !this.#isMine(entry.change)) return
    const key = keyOf(entry.change)
    // Taken out first, so that what is sent stays in the order of its numbers.
    this.#waiting.delete(key)
    this.#waiting.set(key, entry)
    if (this.#cancelGather === null) this.#flush()
  }

  end(): void {
    if (this.#isEnded) return
    this.#finish()
    this.#out.end()
  }

  #isMine({ topic, workspaceId }: Change): boolean {
    if (workspaceId === EVERYTHING.workspaceId) return true
    const isAsked = this.#request.topics.some((one) => one === topic)
    return isAsked && workspaceId === this.#request.workspaceId
  }

  #goOn(): void {
    const { ring } = this.#parts
    const { lastEventId = '' } = this.#request
    if (lastEventId === '') return this.#writeNumber()
    const missed = NUMBER.test(lastEventId) ? ring.after(Number(lastEventId)) : null
    if (missed === null) return this.#writeReset(ring.last)
    for (const entry of missed) this.hear(entry)
    if (this.#waiting.size === 0) this.#writeNumber()
  }

  #flush(): void {
    if (this.#waiting.size === 0) {
      this.#cancelGather = null
      return
    }
    const batch = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#cancelGather = this.#parts.clock.setTimer(GATHER_MS, () => this.#flush())
    for (const entry of batch) this.#writeChange(entry)
  }

  #commentLater(): void {
    if (this.#isEnded) return
    this.#cancelComment = this.#parts.clock.setTimer(commentMs, () => {
      if (this.#waiting.size === 0) this.#writeNumber()
      else this.#write(': \n\n')
      this.#commentLater()
    })
  }

  /** A comment that also moves the reader's position, over changes that were not for it. */
  #writeNumber(): void {
    this.#write(`: \nid: ${this.#parts.ring.last}\n\n`)
  }

  #writeChange({ number, at, change }: NumberedChange): void {
    if (change.workspaceId === EVERYTHING.workspaceId) return this.#writeReset(number)
    const { topic, id, callId: call_id } = change
    const data = JSON.stringify({ topic, id, call_id, at: at.toISOString() })
    this.#write(`id: ${number}\nevent: change\ndata: ${data}\n\n`)
  }

  #writeReset(number: number): void {
    this.#write(`id: ${number}\nevent: reset\ndata: {}\n\n`)
  }

  #write(text: string): void {
    if (this.#isEnded) return
    this.#out.write(text)
    if (this.#out.writableLength <= UNREAD_MAX_BYTES) return
    this.#finish()
    this.#out.destroy()
  }

  #finish(): void {
    this.#isEnded = true
    this.#cancelGather?.()
    this.#cancelComment()
    this.#waiting.clear()
    this.#parts.onEnd()
  }
}

const keyOf = ({ topic, workspaceId, id }: Change): string => `${topic} ${workspaceId} ${id}`
