// What many failures in a row say of an endpoint.
//
//   10 in a row ─▶ paused, one probe a minute ─▶ 24 h without success: a warning
//               ─▶ 5 days without success: disabled
//
// H1. Both must hold, the count and the time: neither a busy hour of failures nor one failure long
//     ago ends a subscription.

const HOUR_MS = 3_600_000

export const failuresToPause = 10
/** Between two probes of an endpoint that keeps failing. */
export const endpointPauseMs = 60_000
const WARN_AFTER_MS = 24 * HOUR_MS
const DISABLE_AFTER_MS = 5 * 24 * HOUR_MS

export interface EndpointHealth {
  readonly failuresInRow: number
  /** The first of them; null when the last attempt succeeded. */
  readonly failingSince: Date | null
  readonly isWarned: boolean
}

export function judgeEndpoint(
  { failuresInRow, failingSince, isWarned }: EndpointHealth,
  now: Date,
): 'keep' | 'warn' | 'disable' {
  if (failingSince === null || failuresInRow < failuresToPause) return 'keep'
  const failingMs = now.getTime() - failingSince.getTime()
  if (failingMs >= DISABLE_AFTER_MS) return 'disable'
  return failingMs >= WARN_AFTER_MS && !isWarned ? 'warn' : 'keep'
}

export const endpointWarning = (failingSince: Date): string => {
  const endsAt = new Date(failingSince.getTime() + DISABLE_AFTER_MS)
  return `Every delivery since ${failingSince.toISOString()} has failed; the webhook is disabled at ${endsAt.toISOString()} unless one succeeds`
}

export const endpointDisabledReason = (failingSince: Date): string =>
  `Every delivery since ${failingSince.toISOString()} failed; enable it again once it takes events`
