// What a run remembers. Steps are found by their name, which is unique within a run: the order in
// which parallel chains reach their steps differs from one execution to the next, the names do not.

import type { Json, JsonObject } from '@bookend/contract'
import type { IdempotencyClass } from '../ports/connector.ts'
import type { StepUse } from '../precall/steps.ts'
import type { CallLaterSpec } from './call-later.ts'
import { BookendError } from '../kernel/error.ts'
import type { AskedHandoff, HandoffResult, JourneyEvent } from './definition.ts'

/** A write that an attempt was about to send. */
export interface StepWrite {
  readonly connection: string
  readonly action: string
  readonly class: IdempotencyClass
  /** Names the effect to the system, as `keyId` renders it. */
  readonly key?: string
  /** How long the system knows the key, where it forgets it. */
  readonly keptMs?: number
  /** The system tells later that it was done. */
  readonly isReceipted?: true
}

export interface JournalAttempt {
  readonly attempt: number
  readonly started_at: string
  readonly duration_ms: number
  readonly error: string | null
  /** It did not end by itself: its process died, or was told to stop. */
  readonly cut?: 'crash' | 'stop'
  /** What it may have sent is sent again without harm only until then: its key is forgotten later. */
  readonly known_until?: string
  /** Nobody can tell whether it was done; the step waits for a receipt of it. */
  readonly unsure?: true
  /** A person had the step tried anew after it; it counts no more. */
  readonly closed?: true
}

export type JournalKind = 'step' | 'sleep' | 'wait' | 'human'

export interface JournalStep {
  readonly name: string
  readonly kind: JournalKind
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

export interface WaitSpec {
  readonly eventType: string
  /** What an event's payload must contain. */
  readonly where: JsonObject
  readonly limitMs: number
}

export interface HandoffSpec {
  readonly title: string
  readonly assign: string | null
  readonly form: JsonObject
  readonly limitMs: number
}

export interface HandoffState {
  readonly leftMs: number
  readonly result: HandoffResult | null
  readonly asked: AskedHandoff
}

export interface EventSpec {
  readonly type: string
  readonly payload: JsonObject
}

/** The run belongs to another execution now; whatever this one still does is not recorded. */
export class RunTakenOverError extends BookendError {
  override readonly name = 'RunTakenOverError'
  readonly code = 'run_taken_over'
  readonly retryable = false
}

export const CANDIDATES_MAX = 100

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
  /** The step waits until this connection is asked again, however long; `attempts` are those before. */
  hold(name: string, attempts: readonly JournalAttempt[], connection: string): Promise<void>
  /** Yields the outcome that stands: the first one recorded (F30). */
  finish(
    step: StepPlace,
    outcome: StepOutcome,
    attempts: readonly JournalAttempt[],
    use: StepUse | null,
  ): Promise<StepOutcome>
  /**
   * Ends a step that is unsure: as done, with the output null, when there is a receipt of each write
   * that needs one, or else as failed with `error`. Null: neither, as there is no `error`.
   */
  confirm(step: StepPlace, error: string | null): Promise<StepOutcome | null>
  /** Milliseconds left of the sleep that the first call began, by the journal's own time. */
  sleep(step: StepPlace, durationMs: number): Promise<number>
  wake(name: string): Promise<void>
  /**
   * Begins to wait for an event, once. Candidates are counted from the start of the step that ended
   * last: an answer may be quicker than the record of what asked for it.
   */
  wait(
    step: StepPlace,
    wait: WaitSpec,
  ): Promise<{ readonly leftMs: number; readonly ageMs: number }>
  /** Events the wait may end with, oldest first, behind `after`; at most `CANDIDATES_MAX` of them. */
  candidates(name: string, after: JourneyEvent | null): Promise<readonly JourneyEvent[]>
  /** Nothing up to this event was what the wait is for. What may still be on its way is kept. */
  passOver(name: string, last: JourneyEvent): Promise<void>
  /** Opens a handoff, once, and yields how it ended as soon as it has. */
  handoff(step: StepPlace, handoff: HandoffSpec): Promise<HandoffState>
  /** Stores the event and the step's outcome, its id, together; once. */
  emit(step: StepPlace, event: EventSpec): Promise<StepOutcome>
  /** Adds the tag to the run's call, and records the step as done, together. */
  tag(step: StepPlace, tag: string): Promise<StepOutcome>
  /** Schedules the call and records the step as done, together; once. */
  callLater(step: StepPlace, call: CallLaterSpec): Promise<StepOutcome>
  /** Says nothing, but throws when the run is in other hands, or over. */
  check(): Promise<void>
  setStatus(status: 'running' | 'waiting'): Promise<void>
}
