import { columnsOf, padEnd, printable } from '../terminal/text.ts'
import type { Style } from '../terminal/io.ts'

const GAP = 2

/** Aligned columns under a heading. Nothing is cut, as what a table holds is there to be copied. */
export function renderTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  const cells = [heading, ...rows].map((row) => row.map(printable))
  const widths = heading.map((_, column) =>
    Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))),
  )
  const lines = cells.map((row) =>
    row
      .map((cell, column) => padEnd(cell, (widths[column] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  )
  return lines.map((line, index) => (index === 0 ? style.bold(line) : line))
}
