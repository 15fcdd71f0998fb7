// Durations as people read them: milliseconds where a deadline is at stake, elsewhere two units.

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const NARROW_SPACE = '\u202f'

/** Thousands apart by a narrow no-break space, so that a number never wraps. */
export const renderCount = (count: number): string =>
  String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE)

export const renderMs = (ms: number): string => `${renderCount(ms)} ms`

/** Two significant units: `412 ms`, `1.20 s`, `4 m 12 s`, `3 h 58 m`. */
export function renderDuration(ms: number): string {
  const heldMs = Math.max(0, ms)
  if (heldMs < SECOND_MS) return `${Math.round(heldMs)} ms`
  if (heldMs < 10 * SECOND_MS) return `${(heldMs / SECOND_MS).toFixed(2)} s`
  if (heldMs < MINUTE_MS) return `${(heldMs / SECOND_MS).toFixed(1)} s`
  if (heldMs < HOUR_MS) return renderPair(heldMs, MINUTE_MS, 'm', SECOND_MS, 's')
  if (heldMs < DAY_MS) return renderPair(heldMs, HOUR_MS, 'h', MINUTE_MS, 'm')
  return renderPair(heldMs, DAY_MS, 'd', HOUR_MS, 'h')
}

function renderPair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string) {
  const smalls = Math.floor((ms % big) / small)
  const bigs = `${Math.floor(ms / big)} ${bigUnit}`
  return smalls === 0 ? bigs : `${bigs} ${smalls} ${smallUnit}`
}

/** How long people talked: `00:48`, `1:04:12`. */
export function renderTalk(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  const hours = Math.floor(seconds / 3_600)
  const rest = `${two(Math.floor((seconds % 3_600) / 60))}:${two(Math.floor(seconds % 60))}`
  return hours === 0 ? rest : `${hours}:${rest}`
}

/** A limit as it would be written in a workflow, kept on one line: `2 s`, `4.75 s`, `300 ms`. */
export const renderLimit = (ms: number): string =>
  ms < SECOND_MS ? `${Math.round(ms)}\u00a0ms` : `${Number((ms / SECOND_MS).toFixed(2))}\u00a0s`
