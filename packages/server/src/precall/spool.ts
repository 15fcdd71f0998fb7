// Keeps records of calls safe from a kill of this process until the database has them
// (docs/decisions/0001).
//
//   keep ─▶ one line appended to the open segment ─▶ … ─▶ settled ─▶ a segment all settled is removed
//
// L1. A line is written with one plain write and no sync: what was kept is in the system's cache.
// L2. A segment is removed only when everything in it is settled; the next start reads the rest.
// L3. A line cut short by a kill was never acknowledged, and is left out.
// L4. A disk that is full costs the safety net, never the call: the record stays in memory.

import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

const SEGMENT_BYTES_MAX = 4 * 1_024 * 1_024
const SEGMENT = /^calls-(\d{10})\.ndjson$/

interface Segment {
  readonly path: string
  readonly fd: number | null
  bytes: number
  open: number
}

export interface Kept {
  /** The record is in the database, or set apart. */
  settle(): void
}

export interface LeftRecord extends Kept {
  readonly text: string
}

export class Spool {
  readonly #folder: string
  readonly #onFault: (error: unknown) => void
  #next = 1
  #current: Segment
  /** What earlier processes left, in the order it was kept. */
  readonly left: readonly LeftRecord[]

  /** One process at a time owns a data folder, and so its spool. */
  constructor(folder: string, onFault: (error: unknown) => void) {
    this.#folder = folder
    this.#onFault = onFault
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const names = readdirSync(folder).filter((name) => SEGMENT.test(name))
    this.left = names.toSorted().flatMap((name) => this.#read(name))
    this.#current = this.#openSegment()
  }

  /** Appends a record, which must hold no line break: JSON has none. */
  keep(text: string): Kept {
    if (this.#current.bytes >= SEGMENT_BYTES_MAX) this.#rotate()
    const segment = this.#current
    const line = Buffer.from(`${text}\n`)
    try {
      if (segment.fd === null) return { settle: () => undefined }
      writeSync(segment.fd, line)
    } catch (error) {
      this.#onFault(error)
      return { settle: () => undefined }
    }
    segment.bytes += line.length
    segment.open += 1
    return { settle: once(() => this.#settle(segment)) }
  }

  close(): void {
    const { fd, open } = this.#current
    if (fd === null) return
    closeSync(fd)
    if (open === 0) unlinkSync(this.#current.path)
  }

  #settle(segment: Segment): void {
    segment.open -= 1
    if (segment.open > 0) return
    try {
      if (segment !== this.#current) unlinkSync(segment.path)
      else if (segment.fd !== null) {
        ftruncateSync(segment.fd)
        segment.bytes = 0
      }
    } catch (error) {
      this.#onFault(error)
    }
  }

  #rotate(): void {
    const full = this.#current
    this.#current = this.#openSegment()
    if (full.fd !== null) closeSync(full.fd)
    if (full.open === 0) unlinkSync(full.path)
  }

  #openSegment(): Segment {
    const path = join(this.#folder, `calls-${String(this.#next).padStart(10, '0')}.ndjson`)
    this.#next += 1
    try {
      return { path, fd: openSync(path, 'a', 0o600), bytes: 0, open: 0 }
    } catch (error) {
      this.#onFault(error)
      return { path, fd: null, bytes: 0, open: 0 }
    }
  }

  #read(name: string): LeftRecord[] {
    const path = join(this.#folder, name)
    this.#next = Math.max(this.#next, Number(SEGMENT.exec(name)?.[1]) + 1)
    const lines = readFileSync(path, 'utf8').split('\n')
    const whole = lines.slice(0, -1).filter((line) => line !== '')
    if (whole.length === 0) unlinkSync(path)
    const segment: Segment = { path, fd: null, bytes: 0, open: whole.length }
    return whole.map((text) => ({ text, settle: once(() => this.#settle(segment)) }))
  }
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    run()
  }
}
