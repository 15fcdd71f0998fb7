/** Where time comes from. Nothing in core reads it from anywhere else, so tests own it. */
export interface Clock {
  /** The instant by the wall clock; for records, never for deadlines. */
  now(): Date
  /** Milliseconds since some fixed moment; never goes back. For durations and deadlines. */
  monotonicMs(): number
  /** Calls `run` once after `delayMs`; the returned function cancels it and may be called twice. */
  setTimer(delayMs: number, run: () => void): () => void
}
