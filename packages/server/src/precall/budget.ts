const RESERVE_MS = 500
const RESERVE_SHARE = 0.2

/**
 * How long a workflow may take where the door waits `deadlineMs`. The rest is a reserve: for the
 * merge, the rendering, the spool, and a loop that is late because many calls end at once (P4).
 */
export const budgetWithin = (deadlineMs: number): number =>
  deadlineMs - Math.min(RESERVE_MS, deadlineMs * RESERVE_SHARE)
