import type { DialGuard } from './connect.ts'
import { Lane, type LaneOwner, type Origin } from './lane.ts'
import type { Teardown } from './teardown.ts'

/** What all pools of a client share. */
export interface PoolShare {
  readonly guard: DialGuard
  readonly teardown: Teardown
  /** How long a connection may be used. */
  readonly keepMs: number
  readonly counts: LaneCounts
}

export class LaneCounts {
  lanes = 0
  idle = 0

  /** Carrying an exchange, or waiting to be taken down. */
  get inFlight(): number {
    return this.lanes - this.idle
  }
}

const idleMax = 512

/** The lanes to one origin under one trust. A lane is idle, carrying, or waiting to be destroyed. */
export class LanePool implements LaneOwner {
  readonly #origin: Origin
  readonly #share: PoolShare
  readonly #emptied: () => void
  readonly #lanes = new Set<Lane>()
  readonly #idle: Lane[] = []

  /** @param emptied Called whenever the last lane is gone. */
  constructor(origin: Origin, share: PoolShare, emptied: () => void) {
    this.#origin = origin
    this.#share = share
    this.#emptied = emptied
  }

  get inFlight(): number {
    return this.#lanes.size - this.#idle.length
  }

  /** The connection used last is the one least likely to be closing. */
  take(): Lane {
    for (let lane = this.#idle.pop(); lane !== undefined; lane = this.#idle.pop()) {
      this.#share.counts.idle -= 1
      if (lane.isFresh) return lane
      lane.drop()
    }
    const lane = new Lane(this.#origin, this.#share.guard, this, this.#share.keepMs)
    this.#lanes.add(lane)
    this.#share.counts.lanes += 1
    return lane
  }

  released(lane: Lane): void {
    if (this.#share.counts.idle >= idleMax) {
      lane.drop()
      return
    }
    this.#idle.push(lane)
    this.#share.counts.idle += 1
  }

  dropped(lane: Lane): void {
    const index = this.#idle.indexOf(lane)
    if (index !== -1) {
      this.#idle.splice(index, 1)
      this.#share.counts.idle -= 1
    }
    this.#share.teardown.add(() => this.#destroy(lane))
  }

  /** Ends every exchange as `throttled`, which is no fault of the target. */
  close(): void {
    for (const lane of this.#lanes) {
      lane.fail('throttled')
      lane.drop()
    }
  }

  #destroy(lane: Lane): Promise<void> {
    this.#lanes.delete(lane)
    this.#share.counts.lanes -= 1
    if (this.#lanes.size === 0) this.#emptied()
    return lane.destroy()
  }
}
