// A call's life: ringing ─▶ in_progress ─▶ one of the ends. Only forward, so that the end state does
// not depend on the order in which its events arrive (J6).

import type { CallComplete, CallStatus, Outcome } from '@bookend/contract'

const RANK = {
  ringing: 0,
  in_progress: 1,
  completed: 2,
  rejected: 2,
  transferred: 2,
  failed: 2,
  no_answer: 2,
} as const satisfies Record<CallStatus, number>

/** The status after somebody says `next`: never back, and never from one end to another. */
export const advanceStatus = (current: CallStatus, next: CallStatus): CallStatus =>
  RANK[next] > RANK[current] ? next : current

/** How a call goes on once its pre-call workflow has decided. */
export function statusAfter(outcome: Outcome): CallStatus {
  switch (outcome.type) {
    case 'continue':
    case 'route':
    case 'say':
      return 'in_progress'
    case 'transfer':
      return 'transferred'
    case 'reject':
      return 'rejected'
  }
}

/** How a call ended, by what is reported of its end. */
export const statusAtEnd = ({ answered_by }: Pick<CallComplete, 'answered_by'>): CallStatus =>
  answered_by === 'no_answer' ? 'no_answer' : 'completed'

export interface CallTimes {
  readonly startedAt: Date | null
  readonly createdAt: Date
}

/**
 * The end and the whole seconds between; an end before the start, or ahead of the clock by more
 * than a minute, is clamped and flagged (threats C14).
 */
export function endOf(
  { startedAt, createdAt }: CallTimes,
  reportedAt: Date | null,
  now: Date,
): { endedAt: Date; durationS: number; flags: readonly string[] } {
  const beganAt = startedAt ?? createdAt
  const reported = reportedAt ?? now
  const isEarly = reported < beganAt
  const isLate = reported.getTime() > now.getTime() + 60_000
  const endedAt = isEarly ? beganAt : isLate ? now : reported
  const durationS = Math.max(0, Math.round((endedAt.getTime() - beganAt.getTime()) / 1_000))
  return { endedAt, durationS, flags: isEarly || isLate ? ['ended_at_clamped'] : [] }
}
