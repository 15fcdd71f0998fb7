import type { TranscriptEntry, TranscriptUpdate } from '../neutral.ts'
import { higher, rankOf, type Said } from './register.ts'

export interface TranscriptState {
  /** The whole conversation as somebody last told it. */
  readonly whole: {
    readonly entries: readonly TranscriptEntry[]
    readonly final: boolean
    readonly rank: string
  } | null
  /** Final turns as they came one by one, by their dedupe key. */
  readonly turns: Readonly<Record<string, Turn>>
  /** What each side is saying: the latest of its partial turns. */
  readonly partial: Readonly<Record<string, PartialTurn>>
}

interface PartialTurn {
  readonly at: string
  readonly rank: string
  readonly entries: readonly TranscriptEntry[]
}

interface Turn {
  readonly at: string
  readonly amends: boolean
  readonly entries: readonly TranscriptEntry[]
}

export const emptyTranscript: TranscriptState = { whole: null, turns: {}, partial: {} }

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
  if (final) {
    const turn = { at: said.at, amends: update.amends_previous === true, entries }
    return { ...state, turns: { ...state.turns, [said.key]: turn } }
  }
  const [first] = entries
  if (first === undefined) return state
  const saying = { at: said.at, rank: rankOf(said), entries }
  const latest = higher(state.partial[first.role] ?? null, saying)
  return { ...state, partial: { ...state.partial, [first.role]: latest } }
}

/** The best there is: the whole if it is final, else the turns, else the whole as far as it goes. */
export function entriesOf({ whole, turns, partial }: TranscriptState): readonly TranscriptEntry[] {
  if (whole !== null && whole.final && whole.entries.length > 0) return whole.entries
  const spoken = turnEntries(turns, partial)
  return spoken.length > 0 ? spoken : (whole?.entries ?? [])
}

function turnEntries(
  turns: TranscriptState['turns'],
  partial: TranscriptState['partial'],
): readonly TranscriptEntry[] {
  const ordered = Object.entries(turns).toSorted(
    ([a, { at: aAt }], [b, { at: bAt }]) =>
      compare(aAt, bAt) || a.length - b.length || compare(a, b),
  )
  const entries: TranscriptEntry[] = []
  const spokenAt = new Map<string, string>()
  for (const [, turn] of ordered) {
    for (const { role } of turn.entries) spokenAt.set(role, turn.at)
    if (!turn.amends) entries.push(...turn.entries)
    else amend(entries, turn.entries)
  }
  // Somebody who has finished since is not saying that any more.
  const open = Object.entries(partial)
    .filter(([role, { at }]) => (spokenAt.get(role) ?? '') < at)
    .toSorted(([, a], [, b]) => compare(a.rank, b.rank))
  return [...entries, ...open.flatMap(([, { entries: saying }]) => saying)]
}

function amend(entries: TranscriptEntry[], [said]: readonly TranscriptEntry[]): void {
  if (said === undefined) return
  const at = entries.findLastIndex(({ role }) => role === said.role)
  if (at === -1) entries.push(said)
  else entries[at] = said
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
