// What is heard on a call's socket, on its way to the record: one after the other, as it was said, and
// nobody who speaks waits for it.
//
// K1. A database that is away delays it, for as long as a call may last without it; then it is lost, and
//     said so.

import type { Clock } from '@bookend/core'
import type { NeutralEvent, PlatformConnection } from '@bookend/platforms'
import type { Log } from '../../log.ts'
import type { LivePlatform } from '../live-platforms.ts'
import type { TakeDelivery } from '../take-delivery.ts'

interface Parts {
  readonly takeDelivery: TakeDelivery
  readonly clock: Clock
  readonly log: Log
}

const TRIES_MAX = 12
const WAIT_FIRST_MS = 500
const WAIT_MAX_MS = 30_000
const NO_BODY = new Uint8Array()

export class KeepEvents {
  readonly #parts: Parts
  readonly #live: LivePlatform
  readonly #connection: PlatformConnection
  #keeping: Promise<void> = Promise.resolve()

  constructor(parts: Parts, live: LivePlatform, connection: PlatformConnection) {
    this.#parts = parts
    this.#live = live
    this.#connection = connection
  }

  add(events: readonly NeutralEvent[]): void {
    if (events.length === 0) return
    this.#keeping = this.#keeping.then(() => this.#keep(events))
  }

  /** Resolves when all that was added is kept, or given up. */
  finished(): Promise<void> {
    return this.#keeping
  }

  /** Never rejects. */
  async #keep(events: readonly NeutralEvent[]): Promise<void> {
    const { takeDelivery, clock, log } = this.#parts
    const received_at = events[0]?.received_at ?? clock.now().toISOString()
    const raw = { door: 'events', method: 'GET', url: '', headers: {}, body: NO_BODY, received_at }
    const reading = { kind: 'events', events, notes: [], ignored: null, reply: null } as const
    const delivery = {
      live: this.#live,
      connection: this.#connection,
      raw: { ...raw, door: 'events' as const },
      reading,
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return await takeDelivery(delivery)
      } catch (err) {
        if (tries >= TRIES_MAX) {
          const { label: platform } = this.#live
          return log.error({ err, platform }, 'what was said on a call is not recorded')
        }
        const delayMs = Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** (tries - 1))
        await new Promise<void>((resolve) => void clock.setTimer(delayMs, resolve))
      }
    }
  }
}
