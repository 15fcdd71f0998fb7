// What a pre-call workflow is, whichever form it was written in.

import type { Json, JsonObject, MissingReason, PreCallRequest } from '@bookend/contract'
import type { z } from 'zod'
import type { CacheOption } from '../cache/policy.ts'
import type { Duration } from '../kernel/duration.ts'

export interface StepOptions<D> {
  /** How long this step may take; it is cut at the smaller of this and the run's budget. */
  readonly timeout?: Duration
  /** What the step yields when it fails or is cut. Without one the step rejects. */
  readonly default?: D
  /**
   * Keeps what the step asks of connections for later calls with the same question: `10m`, or
   * `{ fresh: '1m', stale: '1h' }`. The cache is of the connections' actions, so it has no effect on
   * what a step computes or fetches by itself.
   */
  readonly cache?: CacheOption
}

/** What a step's function receives: the signal is aborted some time after the step was cut. */
export interface StepScope {
  readonly signal: AbortSignal
  /** Milliseconds until the step is cut, at the moment it starts. */
  readonly remainingMs: number
}

/** Anything; texts are named, so that one that a step yields stays the literal it is. */
type Yield = string | {} | null | undefined

/** Runs one named piece of a workflow under the deadline. Names are unique within a run. */
export interface StepFunction {
  <T extends Yield>(name: string, run: (scope: StepScope) => Promise<T> | T): Promise<T>
  <T extends Yield, D extends Yield>(
    name: string,
    run: (scope: StepScope) => Promise<T> | T,
    options: StepOptions<D> & { readonly default: D },
  ): Promise<T | D>
  <T extends Yield>(
    name: string,
    run: (scope: StepScope) => Promise<T> | T,
    options: StepOptions<never>,
  ): Promise<T>
}

export interface PreCallContext {
  readonly call: PreCallRequest['call']
  readonly agent: PreCallRequest['agent']
  readonly step: StepFunction
  /** Handles by the names the workflow gave them; used inside steps. */
  readonly connections: Readonly<Record<string, unknown>>
}

/** Once the answer has left: connections may write, and nobody waits. */
export interface AfterContext<P = JsonObject> extends PreCallContext {
  /** What the agent was told. */
  readonly parameters: { readonly [K in keyof P]?: P[K] }
}

/** A parameter that a workflow could not tell, or told from a default, in its author's words. */
export interface MissingParameter {
  readonly name: string
  readonly reason: MissingReason
  /** The step at fault; it is then not listed by itself. */
  readonly step?: string | null | undefined
  readonly detail?: string | undefined
}

/** What a workflow returns: parameters, and at most one of the four ways to route the call. */
export interface PreCallReturn<P = JsonObject> {
  readonly parameters: { readonly [K in keyof P]?: P[K] | undefined }
  readonly agent_id?: string | undefined
  readonly first_message?: string | undefined
  readonly transfer?: { readonly to_number: string; readonly message?: string } | undefined
  readonly reject?: { readonly reason?: string } | undefined
  readonly say?: string | undefined
  /** Steps that failed, and values that their schemas refuse, are listed without it. */
  readonly missing?: readonly MissingParameter[] | undefined
}

/** Where a workflow's answer sends the call, and what is said first. */
export type Routing = Omit<PreCallReturn, 'parameters' | 'missing'>

export interface PreCallWorkflow {
  readonly kind: 'pre-call'
  readonly name: string
  /** The workflow's own limit; the door's may be shorter. Null: as long as the door allows. */
  readonly budgetMs: number | null
  /** The declared parameters: everything the agent may learn (P3). */
  readonly parameters: Readonly<Record<string, z.ZodType>>
  readonly fallback: Readonly<Record<string, Json>>
  /** Local name of a connection to `<connector>/<connection>`. */
  readonly connections: Readonly<Record<string, string>>
  run(context: PreCallContext): Promise<PreCallReturn> | PreCallReturn
  /** Done when the answer has left, with connections that may write; at most 30 seconds. */
  after?(context: AfterContext): Promise<void> | void
}
