// What differs between two texts, line by line.
//
//   same ends cut off ─▶ longest common lines of the rest ─▶ rows, long same stretches folded
//
// D1. The rows that are not `added` are the old text, those that are not `removed` the new one.
// D2. Two texts that share next to nothing are not compared line by line: that would take too long.

export type DiffRow =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  /** So many lines are the same and left out. */
  | { readonly kind: 'folded'; readonly lines: number }

type LineRow = Exclude<DiffRow, { kind: 'folded' }>

const CELLS_MAX = 4_000_000
const CONTEXT_LINES = 3

export function diffLines(before: string, after: string): readonly LineRow[] {
  const old = before.split('\n')
  const now = after.split('\n')
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail += 1
  const oldRest = old.slice(head, old.length - tail)
  const nowRest = now.slice(head, now.length - tail)
  const rest =
    oldRest.length * nowRest.length > CELLS_MAX
      ? [...oldRest.map(removed), ...nowRest.map(added)]
      : compare(oldRest, nowRest)
  return [...old.slice(0, head).map(same), ...rest, ...old.slice(old.length - tail).map(same)]
}

const row =
  (kind: LineRow['kind']) =>
  (text: string): LineRow => ({ kind, text })
const same = row('same')
const added = row('added')
const removed = row('removed')

function compare(old: readonly string[], now: readonly string[]): readonly LineRow[] {
  const width = now.length + 1
  // lengths[i * width + j]: the longest common part of what follows line i and line j.
  const lengths = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const rows: LineRow[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < now.length) {
    const [before, after] = [old[i], now[j]]
    if (before !== undefined && before === after) {
      rows.push(same(before))
      i += 1
      j += 1
    } else if (before !== undefined && (after === undefined || at(i + 1, j) >= at(i, j + 1))) {
      rows.push(removed(before))
      i += 1
    } else {
      rows.push(added(after ?? ''))
      j += 1
    }
  }
  return rows
}

/** Leaves out what is far from every difference. */
export function foldSame(rows: readonly LineRow[]): readonly DiffRow[] {
  const isNear = rows.map(() => false)
  for (const [at, { kind }] of rows.entries()) {
    if (kind === 'same') continue
    const last = Math.min(at + CONTEXT_LINES, rows.length - 1)
    for (let near = Math.max(at - CONTEXT_LINES, 0); near <= last; near += 1) isNear[near] = true
  }
  const folded: DiffRow[] = []
  for (const [at, line] of rows.entries()) {
    const previous = folded.at(-1)
    if (isNear[at] === true) folded.push(line)
    else if (previous?.kind === 'folded')
      folded[folded.length - 1] = { kind: 'folded', lines: previous.lines + 1 }
    else folded.push({ kind: 'folded', lines: 1 })
  }
  return folded
}
