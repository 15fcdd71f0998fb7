// What look-ups brought, for the calls after them: stale-while-revalidate, one look-up at a time.
//
//   ask ─▶ stored? ─▶ fresh: served
//             │    └▶ stale: served, and looked up anew behind
//             └▶ looked up right now? ─▶ shared
//                          └▶ miss: looked up; what it brings is stored, whoever still waits
//
// M1. A look-up outlives the step that began it, up to its own limit: what comes too late for one
//     call is there for the next (rule 2 of the language, threat B8).
// M2. Each question has at most one look-up under way; each asker waits for it by its own patience.
// M3. Nobody is given a value that another can change: what is stored is text (threat B9).
// M4. A fault is never stored; `null`, the answer that there is nothing, is.
// M5. Look-ups that nobody waits for are bounded, in all and for each workspace.

import type { CacheState } from '@bookend/contract'
import type { Clock } from '../kernel/clock.ts'
import type { StopSignal } from '../ports/stop-signal.ts'
import { BackgroundSlots } from './background-slots.ts'
import { toJsonText } from './json-text.ts'
import type { StoreBounds } from './lru-store.ts'
import { LruStore } from './lru-store.ts'
import type { CachePolicy } from './policy.ts'

export interface Question {
  readonly workspaceId: string
  /** Holds all that tells this question from others (threat B9). */
  readonly key: string
  readonly policy: CachePolicy
  /** Aborted when the asker waits no longer. */
  readonly signal: StopSignal
  /** Looks it up; settles by its own limit. The signal is aborted when the result has no use. */
  load(signal: StopSignal): Promise<unknown>
}

export interface Found {
  readonly state: CacheState
  readonly value: Promise<unknown>
}

export interface CacheBounds extends StoreBounds {
  readonly backgroundMax: number
  readonly backgroundMaxPerWorkspace: number
}

const BOUNDS: CacheBounds = {
  entriesMax: 20_000,
  bytesMax: 64 * 1_024 * 1_024,
  entryBytesMax: 256 * 1_024,
  backgroundMax: 64,
  backgroundMaxPerWorkspace: 48,
}

interface Loaded {
  readonly value: unknown
  /** Null: the value cannot be kept as JSON. */
  readonly text: string | null
}

interface Flight {
  readonly loaded: Promise<Loaded>
  readonly controller: AbortController
  waiters: number
  isBackground: boolean
  isOver: boolean
}

export class ResultCache {
  readonly #clock: Clock
  readonly #store: LruStore
  readonly #slots: BackgroundSlots
  readonly #flights = new Map<string, Flight>()
  #isClosed = false

  constructor(clock: Clock, bounds: Partial<CacheBounds> = {}) {
    const all = { ...BOUNDS, ...bounds }
    this.#clock = clock
    this.#store = new LruStore(all)
    this.#slots = new BackgroundSlots(all.backgroundMax, all.backgroundMaxPerWorkspace)
  }

  get entries(): number {
    return this.#store.entries
  }

  get bytes(): number {
    return this.#store.bytes
  }

  ask(question: Question): Found {
    const { workspaceId, key, policy } = question
    const stored = this.#store.find(workspaceId, key)
    const ageMs = stored === undefined ? Infinity : this.#clock.monotonicMs() - stored.storedAtMs
    if (stored !== undefined && ageMs < policy.staleMs) {
      const value = Promise.resolve(JSON.parse(stored.text))
      if (ageMs < policy.freshMs) return { state: 'fresh', value }
      this.#refresh(question)
      return { state: 'stale', value }
    }
    const flight = this.#flights.get(key)
    if (flight !== undefined) return { state: 'shared', value: this.#share(flight, question) }
    const own = this.#start(question)
    this.#wait(own, question)
    return { state: 'miss', value: own.loaded.then(({ value }) => value) }
  }

  /** Gives up what is under way and forgets everything. */
  close(): void {
    this.#isClosed = true
    for (const { controller } of this.#flights.values()) controller.abort()
    this.#flights.clear()
    this.#store.clear()
  }

  #refresh(question: Question): void {
    const { workspaceId, key } = question
    if (this.#flights.has(key) || !this.#slots.take(workspaceId)) return
    this.#start(question).isBackground = true
  }

  #start(question: Question): Flight {
    const { workspaceId, key, policy } = question
    const controller = new AbortController()
    const loaded = Promise.resolve()
      .then(() => question.load(controller.signal))
      .then((value): Loaded => {
        const text = toJsonText(value)
        if (text !== null && !this.#isClosed) {
          const storedAtMs = this.#clock.monotonicMs()
          const dropAtMs = storedAtMs + policy.staleMs
          this.#store.put(workspaceId, key, { text, storedAtMs, dropAtMs })
        }
        return { value, text }
      })
      .finally(() => {
        flight.isOver = true
        this.#forget(key, flight)
        if (flight.isBackground) this.#slots.release(workspaceId)
      })
    const flight: Flight = { loaded, controller, waiters: 0, isBackground: false, isOver: false }
    // Those who wait hear of a fault; a look-up that nobody waits for ends no process by it.
    loaded.catch(() => undefined)
    this.#flights.set(key, flight)
    return flight
  }

  async #share(flight: Flight, question: Question): Promise<unknown> {
    this.#wait(flight, question)
    const { text } = await flight.loaded
    return text === null ? await question.load(question.signal) : JSON.parse(text)
  }

  #wait(flight: Flight, { workspaceId, key, signal }: Question): void {
    flight.waiters += 1
    const leave = (): void => {
      signal.removeEventListener('abort', leaver)
      flight.waiters -= 1
      if (flight.waiters > 0 || flight.isBackground || flight.isOver) return
      if (this.#slots.take(workspaceId)) {
        flight.isBackground = true
        return
      }
      this.#forget(key, flight)
      flight.controller.abort()
    }
    const leaver = { handleEvent: leave }
    signal.addEventListener('abort', leaver)
    const release = (): void => signal.removeEventListener('abort', leaver)
    flight.loaded.then(release, release)
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
