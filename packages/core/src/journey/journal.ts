// What a run remembers. Steps are found by their name, which is unique within a run: the order in
// which parallel chains reach their steps differs from one execution to the next, the names do not.

import type { Json } from '@bookend/contract'
import type { IdempotencyClass } from '../ports/connector.ts'
import type { StepUse } from '../precall/steps.ts'
import { BookendError } from '../kernel/error.ts'

/** A write that an attempt was about to send. */
export interface StepWrite {
  readonly connection: string
  readonly action: string
  readonly class: IdempotencyClass
}

export interface JournalAttempt {
  readonly attempt: number
  readonly started_at: string
  readonly duration_ms: number
  readonly error: string | null
  /** It did not end by itself: its process died, or was told to stop. */
  readonly cut?: 'crash' | 'stop'
}

export interface JournalStep {
  readonly name: string
  readonly kind: 'step' | 'sleep'
  readonly status: 'running' | 'waiting' | 'ok' | 'failed' | 'skipped'
  readonly attempts: readonly JournalAttempt[]
  /** What the last attempt announced. */
  readonly writes: readonly StepWrite[]
  /** Milliseconds left when this was read; null unless it waits. */
  readonly waitMs: number | null
  readonly output: Json
  readonly error: string | null
}

export interface StepPlace {
  readonly name: string
  /** Where it stands among the run's steps, for display. */
  readonly position: number
}

export type StepOutcome =
  | { readonly status: 'ok'; readonly output: Json }
  | { readonly status: 'failed'; readonly error: string }

/** The run belongs to another execution now; whatever this one still does is not recorded. */
export class RunTakenOverError extends BookendError {
  override readonly name = 'RunTakenOverError'
  readonly code = 'run_taken_over'
  readonly retryable = false
}

/**
 * The journal of one run, in the hands of one execution of it. Each method may be called again with
 * the same arguments when its answer was lost.
 *
 * @throws {RunTakenOverError} Every writing method, once another execution has opened the run.
 */
export interface JourneyJournal {
  read(): Promise<readonly JournalStep[]>
  /** Counts an attempt before it runs, so that one that ends the process is known (F24). */
  begin(
    step: StepPlace & { readonly limitMs: number },
    attempts: readonly JournalAttempt[],
  ): Promise<void>
  /** All writes of the running attempt, before the last of them is sent. */
  announce(name: string, writes: readonly StepWrite[]): Promise<void>
  /** The attempt failed; the next one is due in `waitMs`. */
  postpone(name: string, attempts: readonly JournalAttempt[], waitMs: number): Promise<void>
  /** Yields the outcome that stands: the first one recorded (F30). */
  finish(
    step: StepPlace,
    outcome: StepOutcome,
    attempts: readonly JournalAttempt[],
    use: StepUse | null,
  ): Promise<StepOutcome>
  /** Milliseconds left of the sleep that the first call began, by the journal's own time. */
  sleep(step: StepPlace, durationMs: number): Promise<number>
  wake(name: string): Promise<void>
  setStatus(status: 'running' | 'waiting'): Promise<void>
}
