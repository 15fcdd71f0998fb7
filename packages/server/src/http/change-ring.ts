import { randomInt } from 'node:crypto'
import type { Change } from '../changes/change.ts'

export interface NumberedChange {
  readonly number: number
  readonly at: Date
  readonly change: Change
}

const kept = 1_000
const STARTS = 2 ** 47

/**
 * The latest changes that this process heard of, numbered without gaps. The first number is drawn at
 * random, so that one given by another process, or before a restart, is recognised as foreign.
 */
export class ChangeRing {
  readonly #entries: NumberedChange[] = []
  #last = randomInt(1, STARTS)
  /** The last number that cannot be gone on from any more is the one before this. */
  #first = this.#last

  get last(): number {
    return this.#last
  }

  add(change: Change, at: Date): NumberedChange {
    this.#last += 1
    const entry = { number: this.#last, at, change }
    this.#entries.push(entry)
    if (this.#entries.length > kept) {
      this.#entries.shift()
      this.#first += 1
    }
    return entry
  }

  /** What came after a number that was given out; null when that is not known, or no longer. */
  after(number: number): readonly NumberedChange[] | null {
    if (!(number >= this.#first && number <= this.#last)) return null
    return this.#entries.slice(number - this.#first)
  }
}
