export interface Gate {
  /** How many wait to be let in. */
  readonly waiting: number
  /** Resolves when there is room; first come, first served. */
  enter(): Promise<void>
  leave(): void
}

/** Lets at most `max` in at once. */
export function createGate(max: number): Gate {
  const queue: (() => void)[] = []
  let head = 0
  let free = max
  return {
    get waiting() {
      return queue.length - head
    },
    async enter() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => queue.push(resolve))
    },
    leave() {
      const next = queue[head]
      if (next === undefined) {
        free += 1
        return
      }
      head += 1
      // Dropped in bulk: taking the first of a long array each time would copy it each time.
      if (head > 1_000) {
        queue.splice(0, head)
        head = 0
      }
      next()
    },
  }
}
