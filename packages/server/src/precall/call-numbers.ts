// The integer ids of calls, taken in blocks of a thousand from the database's sequence, so that a
// call that comes in waits for none. Null in the rare case that the block ran out while the database
// was away. Gaps are normal.

import type { Database } from '../store/database.ts'

const BLOCK = 1_000
const REFILL_BELOW = 500

export class CallNumbers {
  readonly #database: Pick<Database, 'query'>
  readonly #free: { next: number; end: number }[] = []
  #isFilling = false

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database
  }

  async fill(): Promise<void> {
    const [row] = await this.#database.query<{ next: number }>(
      "select nextval('call_numbers') as next",
    )
    if (row !== undefined) this.#free.push({ next: row.next, end: row.next + BLOCK })
  }

  take(): number | null {
    const [block] = this.#free
    if (this.#left < REFILL_BELOW) this.#refill()
    if (block === undefined) return null
    const number = block.next
    block.next += 1
    if (block.next === block.end) this.#free.shift()
    return number
  }

  get #left(): number {
    return this.#free.reduce((left, { next, end }) => left + end - next, 0)
  }

  #refill(): void {
    if (this.#isFilling) return
    this.#isFilling = true
    const done = (): void => {
      this.#isFilling = false
    }
    // A failure is met again at the next call.
    this.fill().then(done, done)
  }
}
