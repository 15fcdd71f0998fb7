// Records of many, written together: what is asked for while others are being written is one batch.
//
//   asked ─▶ waits for the end of this turn, and for a free lane ─▶ one batch ─▶ each hears of its own
//                                                                     └▶ alone, what the batch left out
//
// G1. Whoever asks hears when its own record is stored, and never before.
// G2. One record at fault, or in the way of somebody else, holds up no other: it is written alone.

export interface GroupCommitOptions<Item, Answer> {
  /** Batches under way at once. */
  readonly lanes: number
  /** Items in a batch. */
  readonly max: number
  /** Of the texts in a batch, in UTF-16 units; one item may be larger. */
  readonly maxSize: number
  readonly sizeOf: (item: Item) => number
  /** Answers in the order of the items; null: this one could not be written beside the others. */
  readonly together: (
    items: readonly Item[],
  ) => Promise<readonly ({ readonly answer: Answer } | null)[]>
  readonly alone: (item: Item) => Promise<Answer>
}

interface Asked<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer | Promise<Answer>) => void
}

export function createGroupCommit<Item, Answer>(
  options: GroupCommitOptions<Item, Answer>,
): (item: Item) => Promise<Answer> {
  const { lanes, max, maxSize, sizeOf, together, alone } = options
  let waiting: Asked<Item, Answer>[] = []
  let underWay = 0
  let isPlanned = false

  function take(): readonly Asked<Item, Answer>[] {
    let count = 0
    let size = 0
    for (const { item } of waiting) {
      size += sizeOf(item)
      if (count === max || (count > 0 && size > maxSize)) break
      count += 1
    }
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return batch
  }

  async function write(batch: readonly Asked<Item, Answer>[]): Promise<void> {
    const [first] = batch
    if (first !== undefined && batch.length === 1) {
      const answer = alone(first.item)
      first.resolve(answer)
      await answer.catch(() => undefined)
      return
    }
    const answers = await together(batch.map(({ item }) => item)).catch(() => [])
    for (const [index, { item, resolve }] of batch.entries()) {
      const answer = answers[index] ?? null
      resolve(answer === null ? alone(item) : answer.answer)
    }
  }

  function start(): void {
    isPlanned = false
    while (underWay < lanes && waiting.length > 0) {
      underWay += 1
      void write(take()).finally(() => {
        underWay -= 1
        start()
      })
    }
  }

  return (item) =>
    new Promise((resolve) => {
      waiting.push({ item, resolve })
      if (isPlanned || underWay === lanes) return
      isPlanned = true
      setImmediate(start)
    })
}
