import { renderCount } from '../../format/duration.ts'

/** The server counts so far and no further. */
const COUNTED_MAX = 10_000

export const renderHealthCount = (count: number): string =>
  count >= COUNTED_MAX ? `${renderCount(COUNTED_MAX)} or more` : renderCount(count)
