// Pieces of work that come at the same time, done as few groups.
//
//   piece ─▶ queue ─▶ a free lane takes what has gathered ─▶ one run for all ─▶ each its own result
//
// G1. Nothing waits for company: a lane that is free takes what there is, be it one piece. While all
//     are busy, pieces gather, so groups grow with the load and so does what they save.
// G2. A group that fails is run again piece by piece, so that a piece costs its neighbours nothing.
//     Not when the database is away: then nobody's outcome is known, and each is told so.

export interface GroupWorkOptions<In, Out> {
  /** The results in the order of the pieces. */
  readonly run: (pieces: readonly In[]) => Promise<readonly Out[]>
  /** Whether a failure is everybody's. */
  readonly isShared: (error: unknown) => boolean
  readonly lanes: number
  readonly groupMax: number
}

interface Waiting<In, Out> {
  readonly piece: In
  readonly resolve: (result: Out) => void
  readonly reject: (error: unknown) => void
}

export function createGroupWork<In, Out>(
  options: GroupWorkOptions<In, Out>,
): (piece: In) => Promise<Out> {
  const { run, isShared, lanes, groupMax } = options
  const queue: Waiting<In, Out>[] = []
  let busy = 0

  async function runAlone({ piece, resolve, reject }: Waiting<In, Out>): Promise<void> {
    try {
      const [result] = await run([piece])
      resolve(result as Out)
    } catch (error) {
      reject(error)
    }
  }

  async function runGroup(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await run(group.map(({ piece }) => piece))
      group.forEach(({ resolve }, index) => resolve(results[index] as Out))
    } catch (error) {
      if (group.length === 1 || isShared(error)) return group.forEach(({ reject }) => reject(error))
      for (const waiting of group) await runAlone(waiting)
    }
  }

  async function work(): Promise<void> {
    while (queue.length > 0) await runGroup(queue.splice(0, groupMax))
    busy -= 1
  }

  return (piece) =>
    new Promise((resolve, reject) => {
      queue.push({ piece, resolve, reject })
      if (busy >= lanes) return
      busy += 1
      // What the same turn of the loop brings comes along.
      setImmediate(() => void work())
    })
}
