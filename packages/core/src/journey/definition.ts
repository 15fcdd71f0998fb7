// What a journey is, whichever form it was written in: a durable workflow started by an event.

import type { Call, Json, JsonObject } from '@bookend/contract'
import type { Duration } from '../kernel/duration.ts'

export interface JourneyEvent {
  readonly event_id: string
  readonly event_type: string
  readonly created_at: string
  readonly payload: JsonObject
}

/** The call record as it stood when the run began, and its analyses by title. */
export interface JourneyCall extends Call {
  readonly analysis: Readonly<Record<string, Json>>
}

export interface JourneyRetry {
  /** Tries in all; 5 if left out, 1 for none after the first. */
  readonly attempts?: number
  readonly backoff?: 'exponential' | 'fixed'
  /** The first wait, `1s` if left out. */
  readonly first?: Duration
  /** The longest wait, `10m` if left out. */
  readonly max?: Duration
}

export interface JourneyStepOptions {
  readonly retry?: JourneyRetry
  /** The longest one attempt may take; `30s` if left out. */
  readonly timeout?: Duration
  /**
   * What to do when an attempt may have had its effect and nobody can tell: the process ended in it,
   * or the answer was lost. `park`, the default, ends the step as failed so that a person decides;
   * `retry` runs it again; `assume_done` goes on with null.
   */
  readonly unknown?: 'park' | 'retry' | 'assume_done'
}

/** What an attempt of a step receives. */
export interface JourneyStepScope {
  readonly signal: AbortSignal
  /** Counts from 1, over restarts as well. */
  readonly attempt: number
  /** Names this effect: the same on every attempt, for receivers that know idempotency keys. */
  readonly key: string
}

/**
 * Runs one named piece of a journey, once: when the run goes on after a restart, a finished step
 * yields what it yielded. Names are unique within a run. The result must be JSON; undefined is null.
 */
export type JourneyStepFunction = <T>(
  name: string,
  run: (scope: JourneyStepScope) => Promise<T> | T,
  options?: JourneyStepOptions,
) => Promise<T>

export interface WaitOptions {
  /** Whether this event is the one; pure, and answers at once. Left out: the first one is. */
  readonly match?: (payload: JsonObject, event: JourneyEvent) => boolean
  /**
   * What the payload must contain. The database looks for it, so with many runs that wait for one
   * type of event, only those it is for are woken.
   */
  readonly where?: JsonObject
  /** After this long, it yields null. */
  readonly within: Duration
}

/**
 * Waits, over restarts, for an event of the workspace and yields its payload, or null when none came
 * in time. An event about calls counts only when it is about the run's own call. What came while the
 * step before it still ran counts as well, so an answer is not missed for being quick.
 */
export type WaitForFunction = <P extends JsonObject = JsonObject>(
  name: string,
  eventType: string,
  options: WaitOptions,
) => Promise<P | null>

/** A zod object, of whichever copy of zod, or a JSON Schema of type object. */
export type HandoffForm = { readonly _zod: { readonly output: unknown } } | JsonObject
export type AnswerOf<F extends HandoffForm> = F extends {
  readonly _zod: { readonly output: infer A }
}
  ? A
  : JsonObject

/** A handoff that is open: what a person has to know of it. */
export interface AskedHandoff {
  readonly id: string
  /**
   * Opens its form to whoever has it, without an account; for whom it is assigned to alone. Answered,
   * reassigned or over, it opens nothing.
   */
  readonly link: string
  readonly title: string
  readonly assign: string | null
  readonly due_at: string
}

export interface HumanOptions<F extends HandoffForm = HandoffForm> {
  /** One line that says what to decide. */
  readonly title: string
  /** Whose it is, such as `team:support-leads`; anybody's when left out. */
  readonly assign?: string
  readonly form: F
  /** After this long nobody can answer any more. */
  readonly within: Duration
  /**
   * Tells somebody, by mail or chat; a step of its own, `<name>.notify`, while the answer is waited
   * for. When it fails, the handoff stays open all the same.
   */
  readonly notify?: (handoff: AskedHandoff, scope: JourneyStepScope) => unknown
}

export type HandoffResult<A = JsonObject> =
  | {
      readonly status: 'answered'
      readonly answer: A
      readonly answered_by: string
      readonly answered_at: string
    }
  | { readonly status: 'expired' }

/** Hands a decision to a person and waits for it, over restarts. The first answer wins. */
export type HumanFunction = <const F extends HandoffForm>(
  name: string,
  options: HumanOptions<F>,
) => Promise<HandoffResult<AnswerOf<F>>>

/**
 * Stores an event of the workspace's own, once, and yields its id. Subscriptions hear of it, and
 * journeys on its type start; the name is unique like a step's.
 */
export type EmitFunction = (
  name: string,
  eventType: string,
  payload?: JsonObject,
) => Promise<string>

/** Adds a tag to the run's call, once, next to those it has; the name is unique like a step's. */
export type TagFunction = (name: string, tag: string) => Promise<void>

export interface CallLaterOptions {
  /** E.164, such as the number that called. */
  readonly to: string
  /** The agent that is to speak, by its id or name. */
  readonly agent: string
  /** When: an instant, or so long from now. */
  readonly at?: string | Date
  readonly in?: Duration
  /** A calendar of the configuration: outside its hours, the call waits for the next ones. */
  readonly during?: string
  /** What the agent is told. */
  readonly params?: JsonObject
  /** For whoever looks at what is scheduled. */
  readonly reason?: string
}

export interface CalledLater {
  readonly id: string
  /** `blocked`: the number may not be dialled, or never will be in those hours; `code` says why. */
  readonly status: 'scheduled' | 'blocked'
  readonly due_at: string
  readonly code: string | null
}

/** Schedules a call, once; the journey goes on at once. The name is unique like a step's. */
export type CallLaterFunction = (name: string, options: CallLaterOptions) => Promise<CalledLater>

export interface JourneyContext {
  readonly runId: string
  readonly event: JourneyEvent
  /** Null for an event that is not about a call. */
  readonly call: JourneyCall | null
  readonly step: JourneyStepFunction
  /** Waits, over restarts; the name is unique like a step's. */
  readonly sleep: (name: string, duration: Duration) => Promise<void>
  readonly waitFor: WaitForFunction
  readonly human: HumanFunction
  readonly emit: EmitFunction
  readonly tag: TagFunction
  readonly callLater: CallLaterFunction
  readonly connections: Readonly<Record<string, unknown>>
}

/** What `if`, `key` and `once` see: the call as the event found it. They are pure and answer at once. */
export interface JourneyMatchContext {
  readonly event: JourneyEvent
  readonly call: JourneyCall | null
}

export interface JourneyWorkflow {
  readonly kind: 'journey'
  readonly name: string
  /** The type of event that starts it. */
  readonly on: string
  /** Local name of a connection to `<connector>/<connection>`. */
  readonly connections: Readonly<Record<string, string>>
  matches(context: JourneyMatchContext): boolean
  /** Runs with one key go one after the other; null: side by side. */
  keyOf(context: JourneyMatchContext): string | null
  /** One run per call and name; null: this event has its own. Left out: every event has. */
  onceOf?(context: JourneyMatchContext): string | null
  run(context: JourneyContext): Promise<unknown>
}
