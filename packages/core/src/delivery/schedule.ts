// When a delivery is tried again (contract §6): ten attempts over 75 h 35 m, each moved by up to a
// fifth, then dead-lettered. A receiver's `Retry-After` can only make it later, by 24 h at most (F17).

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Waits before the second, third … attempt. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const

const JITTER = 0.2
const RETRY_AFTER_MAX_MS = 24 * HOUR_MS
const SECONDS = /^\d{1,12}$/
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

export const deliveryAttemptsMax = WAITS_MS.length + 1

export interface NextAttempt {
  /** Attempts made so far, at least one. */
  readonly attempts: number
  readonly now: Date
  /** The receiver's `Retry-After`, as it came. */
  readonly retryAfter?: string | undefined
  /** From 0 to 1. */
  readonly random: number
}

/** The instant of the next attempt; null when there is none left. */
export function nextAttemptAt({ attempts, now, retryAfter, random }: NextAttempt): Date | null {
  const plannedMs = WAITS_MS[attempts - 1]
  if (plannedMs === undefined) return null
  const waitMs = plannedMs * (1 + JITTER * (2 * random - 1))
  const askedMs = readRetryAfter(retryAfter, now)
  const laterMs = askedMs === null ? 0 : askedMs * (1 + JITTER * random)
  return new Date(now.getTime() + Math.max(waitMs, laterMs))
}

/** Milliseconds from `now`, capped at 24 h; null for what is neither seconds nor an HTTP date. */
export function readRetryAfter(value: string | undefined, now: Date): number | null {
  const text = value?.trim() ?? ''
  if (SECONDS.test(text)) return Math.min(Number(text) * SECOND_MS, RETRY_AFTER_MAX_MS)
  if (!HTTP_DATE.test(text)) return null
  const waitMs = Date.parse(text) - now.getTime()
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), RETRY_AFTER_MAX_MS)
}
