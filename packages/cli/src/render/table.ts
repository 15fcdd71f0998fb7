import { columnsOf, fit, padEnd, printable } from '../terminal/text.ts'
import type { View } from './waterfall.ts'

const GAP = 2

/** Aligned columns under a heading; the last one is cut where the terminal ends. */
export function renderTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, style }: View,
): string[] {
  const cells = [heading, ...rows].map((row) => row.map(printable))
  const widths = heading.map((_, column) =>
    Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))),
  )
  const lines = cells.map((row) =>
    fit(
      row
        .map((cell, column) => padEnd(cell, (widths[column] ?? 0) + GAP))
        .join('')
        .trimEnd(),
      columns,
    ),
  )
  return lines.map((line, index) => (index === 0 ? style.bold(line) : line))
}
