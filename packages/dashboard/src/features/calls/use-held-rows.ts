import { useState } from 'react'
import { type Held, holdRows } from './hold-rows.ts'

interface State<Row> {
  list: string
  latest: readonly Row[]
  held: Held<Row>
}

interface HeldRows<Row> extends Held<Row> {
  /** Shows what waits, and lets go of what has left. */
  refresh: () => void
}

/** @param list Names the list; another name starts afresh. */
export function useHeldRows<Row extends { uuid: string }>(
  list: string,
  latest: readonly Row[],
): HeldRows<Row> {
  const fresh = (): State<Row> => ({ list, latest, held: holdRows([], latest) })
  const [state, setState] = useState(fresh)
  let current = state
  // The former rows are part of what is shown next, so this is state and not derived.
  if (state.list !== list) current = fresh()
  else if (state.latest !== latest) {
    const shown = state.held.rows.map(({ row }) => row)
    current = { list, latest, held: holdRows(shown, latest) }
  }
  if (current !== state) setState(current)
  return { ...current.held, refresh: () => setState(fresh()) }
}
