import { EVERYTHING, type Change } from './change.ts'

/** More than this in one gathering is told as "everything". */
export const outboxMax = 2_000

const keyOf = ({ topic, workspaceId, id }: Change): string => `${topic} ${workspaceId} ${id}`

/** Changes that other processes have still to hear of, each record once, the earliest first. */
export class Outbox {
  #waiting = new Map<string, Change>()
  #isOverfull = false

  get isEmpty(): boolean {
    return this.#waiting.size === 0 && !this.#isOverfull
  }

  add(change: Change): void {
    if (this.#isOverfull) return
    this.#waiting.set(keyOf(change), change)
    if (this.#waiting.size <= outboxMax) return
    this.#waiting.clear()
    this.#isOverfull = true
  }

  take(): readonly Change[] {
    const batch = this.#isOverfull ? [EVERYTHING] : [...this.#waiting.values()]
    this.#waiting = new Map()
    this.#isOverfull = false
    return batch
  }

  /** Before whatever has come since. */
  putBack(batch: readonly Change[]): void {
    const since = this.#isOverfull ? null : [...this.#waiting.values()]
    if (since === null) return
    this.#waiting = new Map()
    for (const change of [...batch, ...since]) this.add(change)
  }
}
