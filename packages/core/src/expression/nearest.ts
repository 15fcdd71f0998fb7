const DISTANCE_MAX = 3
/** Comparing takes time in the square of it. */
const LENGTH_MAX = 80

/** The known name that a mistyped one most likely means; null when none is close. */
function nearestName(typed: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let least = Math.min(DISTANCE_MAX, Math.floor(typed.length / 2)) + 1
  if (typed.length > LENGTH_MAX) return null
  for (const name of known) {
    if (Math.abs(name.length - typed.length) >= least) continue
    const distance = distanceOf(typed.toLowerCase(), name.toLowerCase())
    if (distance < least) {
      best = name
      least = distance
    }
  }
  return best
}

/** `did you mean "x"?` when a name is close, else what there is. */
export function suggestName(typed: string, known: readonly string[]): string | null {
  const near = nearestName(typed, known)
  if (near !== null) return `did you mean "${near}"?`
  if (known.length === 0) return null
  const shown = known.slice(0, SHOWN_MAX).join(', ')
  return `there ${known.length === 1 ? 'is' : 'are'} ${shown}${known.length > SHOWN_MAX ? ', …' : ''}`
}

const SHOWN_MAX = 12

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
function distanceOf(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1]
      const replaced = at(above, column - 1) + (isSame ? 0 : 1)
      let least = Math.min(replaced, at(above, column) + 1, at(current, column - 1) + 1)
      const isSwap =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (isSwap) least = Math.min(least, at(before, column - 2) + 1)
      current.push(least)
    }
    before = above
    above = current
  }
  return at(above, b.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0
