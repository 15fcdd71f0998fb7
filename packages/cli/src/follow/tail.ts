// What is new in a list, as it comes.
//
//   look ─▶ rows that are new or stand otherwise ─▶ told, the oldest first ─▶ a change ─▶ look …
//
// T1. A row is told once for each state it is seen in.
// T2. A look that fails is forgotten, once the first has worked: the next one tells what it would have.

import type { ChangeWatch } from './watch-changes.ts'

export interface TailOptions<T> {
  readonly watch: ChangeWatch
  readonly signal: AbortSignal
  /** The newest rows, in the order of time. */
  look(): Promise<readonly T[]>
  /** What a row is, and how it stands. */
  stateOf(row: T): { readonly id: string; readonly state: string }
  tell(row: T): void
  /** The longest between two looks. */
  readonly everyMs?: number
}

const EVERY_MS = 5_000
const KNOWN_MAX = 5_000

/** Tells what is there, then what comes; ends when it is called off. */
export async function tail<T>(options: TailOptions<T>): Promise<void> {
  const { watch, signal, everyMs = EVERY_MS } = options
  const known = new Map<string, string>()
  tellNew(await options.look(), known, options)
  while (!signal.aborted) {
    await watch.next(everyMs)
    const rows = signal.aborted ? [] : await options.look().catch(() => [])
    tellNew(rows, known, options)
  }
}

function tellNew<T>(rows: readonly T[], known: Map<string, string>, options: TailOptions<T>): void {
  for (const row of rows) {
    const { id, state } = options.stateOf(row)
    if (known.get(id) !== state) options.tell(row)
    // The last seen is the last to be forgotten.
    known.delete(id)
    known.set(id, state)
  }
  for (const id of known.keys()) {
    if (known.size <= KNOWN_MAX) break
    known.delete(id)
  }
}
