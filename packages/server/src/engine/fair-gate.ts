export interface FairGate {
  /** How many wait to be let in. */
  readonly waiting: number
  /** Resolves when there is room: those of one key in their order, and the keys in turn. */
  enter(key: string): Promise<void>
  leave(): void
}

/** Lets at most `max` in at once; a crowd of one key holds up no other for longer than its turn (F28). */
export function createFairGate(max: number): FairGate {
  /** In the order of their turns; a key is here as long as somebody of it waits. */
  const queues = new Map<string, { readonly waiting: (() => void)[]; head: number }>()
  let waiting = 0
  let free = max
  return {
    get waiting() {
      return waiting
    },
    async enter(key) {
      if (free > 0) {
        free -= 1
        return
      }
      const queue = queues.get(key) ?? { waiting: [], head: 0 }
      queues.set(key, queue)
      waiting += 1
      await new Promise<void>((resolve) => queue.waiting.push(resolve))
    },
    leave() {
      const [turn] = queues
      if (turn === undefined) {
        free += 1
        return
      }
      const [key, queue] = turn
      const next = queue.waiting[queue.head]
      queue.head += 1
      waiting -= 1
      // Behind all others, as the map keeps the order in which keys were set.
      queues.delete(key)
      if (queue.head < queue.waiting.length) queues.set(key, queue)
      next?.()
    },
  }
}
