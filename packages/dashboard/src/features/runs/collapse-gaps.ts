// Maps the time of a journey to pixels, with long idle stretches folded to a fixed break.
//
//   busy spans ─▶ merged ─▶ gaps of a minute or more become breaks ─▶ time ↦ x
//
// G1. The mapping never runs backwards: a later instant is never left of an earlier one.
// G2. No attempt is lost: every busy span lies wholly outside the breaks.
// G3. Between breaks the scale is linear and the same everywhere.

export interface Span {
  startMs: number
  endMs: number
}

const GAP_MIN_MS = 60_000
export const BREAK_PX = 32

export interface CollapsedScale {
  breaks: readonly Span[]
  widthPx: number
  /** Pixels from the left; instants outside the spans are held at the ends. */
  toPx: (atMs: number) => number
}

/**
 * @param pxPerMs Scale outside the breaks.
 * @param opened Starts of the breaks that the reader opened; these stay linear.
 */
export function collapseGaps(
  spans: readonly Span[],
  pxPerMs: number,
  opened: ReadonlySet<number> = new Set(),
): CollapsedScale {
  const breaks: Span[] = []
  const ordered = spans.toSorted((a, b) => a.startMs - b.startMs)
  const startMs = ordered[0]?.startMs ?? 0
  let endMs = startMs
  for (const span of ordered) {
    if (span.startMs - endMs >= GAP_MIN_MS && !opened.has(endMs)) {
      breaks.push({ startMs: endMs, endMs: span.startMs })
    }
    endMs = Math.max(endMs, span.endMs)
  }

  const toPx = (atMs: number): number => {
    const heldMs = Math.min(Math.max(atMs, startMs), endMs)
    let linearMs = heldMs - startMs
    let breaksPx = 0
    for (const gap of breaks) {
      if (heldMs <= gap.startMs) break
      const insideMs = Math.min(heldMs, gap.endMs) - gap.startMs
      linearMs -= insideMs
      breaksPx += (BREAK_PX * insideMs) / (gap.endMs - gap.startMs)
    }
    return linearMs * pxPerMs + breaksPx
  }
  return { breaks, widthPx: toPx(endMs), toPx }
}
