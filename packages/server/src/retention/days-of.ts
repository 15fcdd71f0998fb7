import type { Retention } from '@bookend/contract'

/** What each kind of record is kept for, in days; 0: for ever. */
export interface Days {
  readonly calls: number
  /** Null: as long as their call. */
  readonly transcripts: number | null
  readonly runs: number | null
  readonly deliveries: number
}

export const daysOf = (retention: Retention, serverDays: number): Days => ({
  calls: retention.calls_days ?? serverDays,
  transcripts: retention.transcripts_days,
  runs: retention.runs_days,
  deliveries: retention.deliveries_days ?? retention.calls_days ?? serverDays,
})
