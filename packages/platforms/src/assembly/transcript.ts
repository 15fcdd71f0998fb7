import type { TranscriptEntry, TranscriptUpdate } from '../neutral.ts'
import { higher, rankOf, type Said } from './register.ts'

export interface TranscriptState {
  /** The whole conversation as somebody last told it. */
  readonly whole: {
    readonly entries: readonly TranscriptEntry[]
    readonly final: boolean
    readonly rank: string
  } | null
  /** Turns as they came one by one, by their dedupe key. */
  readonly turns: Readonly<Record<string, Turn>>
}

interface Turn {
  readonly at: string
  readonly final: boolean
  readonly amends: boolean
  readonly entries: readonly TranscriptEntry[]
}

export const emptyTranscript: TranscriptState = { whole: null, turns: {} }

/** A whole transcript: a final one outranks a partial one, and something outranks nothing. */
export function tellWhole(
  state: TranscriptState,
  entries: readonly TranscriptEntry[],
  final: boolean,
  said: Said,
): TranscriptState {
  const weight = `${entries.length > 0 ? 1 : 0}${final ? 1 : 0}`
  const rank = rankOf(said, weight)
  return { ...state, whole: higher(state.whole, { entries, final, rank }) }
}

export function tellUpdate(
  state: TranscriptState,
  update: TranscriptUpdate,
  said: Said,
): TranscriptState {
  const { entries, final } = update
  if (update.mode === 'fetch') return state
  if (update.mode === 'replace') return tellWhole(state, entries, final, said)
  const turn = { at: said.at, final, amends: update.amends_previous === true, entries }
  return { ...state, turns: { ...state.turns, [said.key]: turn } }
}

/** The best there is: the whole if it is final, else the turns, else the whole as far as it goes. */
export function entriesOf({ whole, turns }: TranscriptState): readonly TranscriptEntry[] {
  if (whole !== null && whole.final && whole.entries.length > 0) return whole.entries
  const spoken = turnEntries(turns)
  return spoken.length > 0 ? spoken : (whole?.entries ?? [])
}

function turnEntries(turns: TranscriptState['turns']): readonly TranscriptEntry[] {
  const ordered = Object.entries(turns).toSorted(
    ([a, { at: aAt }], [b, { at: bAt }]) =>
      compare(aAt, bAt) || a.length - b.length || compare(a, b),
  )
  const entries: TranscriptEntry[] = []
  let partial: readonly TranscriptEntry[] = []
  for (const [, turn] of ordered) {
    const [first] = turn.entries
    if (!turn.final) {
      partial = turn.entries
      continue
    }
    if (partial[0]?.role === first?.role) partial = []
    if (!turn.amends) entries.push(...turn.entries)
    else amend(entries, turn.entries)
  }
  return [...entries, ...partial]
}

function amend(entries: TranscriptEntry[], [said]: readonly TranscriptEntry[]): void {
  if (said === undefined) return
  const at = entries.findLastIndex(({ role }) => role === said.role)
  if (at === -1) entries.push(said)
  else entries[at] = said
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
