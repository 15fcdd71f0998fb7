/** Milliseconds since `mine`, a run, was started; waits end by the database's time (F29). */
export const SINCE_START_MS = 'extract(epoch from clock_timestamp() - mine.started_at) * 1000'

export const IN_MS = (value: string): string =>
  `clock_timestamp() + ${value}::double precision * interval '1 millisecond'`
