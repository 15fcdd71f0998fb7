// Keeps a live list still: rows change in place, and nothing moves under the pointer.
//
//   what is shown + what the server says now ─▶ rows in their places, new ones counted apart
//
// H1. A row that is shown stays at its place until the list is refreshed.
// H2. A row newer than the newest one shown waits; its number is told.
// H3. A row that left the answer stays with its last values, marked.

export interface Held<Row> {
  rows: readonly { row: Row; hasLeft: boolean }[]
  waiting: number
}

/** Both lists newest first. Rows older than the last one shown are appended. */
export function holdRows<Row extends { uuid: string }>(
  shown: readonly Row[],
  latest: readonly Row[],
): Held<Row> {
  if (shown.length === 0) return { rows: latest.map(unmoved), waiting: 0 }
  const now = new Map(latest.map((row) => [row.uuid, row]))
  const before = new Set(shown.map(({ uuid }) => uuid))
  const firstKept = latest.findIndex(({ uuid }) => before.has(uuid))
  const lastKept = latest.findLastIndex(({ uuid }) => before.has(uuid))
  const rows = shown.map((row) => {
    const fresh = now.get(row.uuid)
    return fresh === undefined ? { row, hasLeft: true } : unmoved(fresh)
  })
  const older = lastKept === -1 ? [] : latest.slice(lastKept + 1).map(unmoved)
  return { rows: [...rows, ...older], waiting: firstKept === -1 ? latest.length : firstKept }
}

const unmoved = <Row>(row: Row): { row: Row; hasLeft: boolean } => ({ row, hasLeft: false })
