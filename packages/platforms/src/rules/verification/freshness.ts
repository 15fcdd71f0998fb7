// Freshness is judged against the time of receipt, never of processing: a queue must not make a
// genuine delivery stale. The future obeys the same tolerance, and an age exactly at it passes.

const INTEGER = /^\d{1,16}$/

/** Milliseconds have 13 digits until the year 2286, seconds have 10. */
export const unitOf = (timestamp: string): 's' | 'ms' => (timestamp.length >= 13 ? 'ms' : 's')

/** Null when the timestamp is fresh; else why not. */
export function findStaleness(
  timestamp: string,
  unit: 's' | 'ms',
  receivedAt: string,
  toleranceMs: number,
): string | null {
  if (!INTEGER.test(timestamp)) return 'the timestamp is not a whole number'
  const sentMs = unit === 's' ? Number(timestamp) * 1_000 : Number(timestamp)
  const ageMs = Date.parse(receivedAt) - sentMs
  if (Number.isNaN(ageMs)) return 'the time of receipt is unknown'
  if (ageMs > toleranceMs) return 'the signature is too old'
  return ageMs < -toleranceMs ? 'the signature is from the future' : null
}
