// What is emitted of a platform's call now, and when it is looked at again.
//
// S1. Each type of event once for a call, whatever order its deliveries come in.
// S2. `call.completed` waits for what makes it worth having: the record of a call of which only an id
//     is known, and, where the connection says so, the analysis. It waits for neither without end.
// S3. `call.analyzed` waits for nothing: whoever wants both in order listens to `call.completed`.

import {
  endDueAt,
  needsFetching,
  whenToStart,
  type CallState,
  type StartRule,
} from '@bookend/platforms'

export interface Settling {
  readonly state: CallState
  readonly emitted: readonly string[]
  readonly rule: StartRule
  /** Whether the platform's record can still be had. */
  readonly canFetch: boolean
  readonly fetchAt: Date | null
  readonly now: Date
}

export interface Settled {
  readonly emit: readonly ('call.started' | 'call.completed' | 'call.analyzed')[]
  /** Asked again at the latest; null: nothing is waited for. */
  readonly dueAt: Date | null
  /** The platform is to be asked for its record. */
  readonly wantsFetch: boolean
}

export function settleCall({ state, emitted, rule, canFetch, fetchAt, now }: Settling): Settled {
  const isNew = (type: 'call.started' | 'call.completed' | 'call.analyzed'): boolean =>
    state.firstAt[type] !== undefined && !emitted.includes(type)
  const emit: Settled['emit'][number][] = []
  if (isNew('call.started')) emit.push('call.started')
  const isEnding = isNew('call.completed')
  // A record is whole once the call has ended, and lags behind it a little.
  const wantsFetch =
    canFetch && needsFetching(state) && state.firstAt['call.completed'] !== undefined
  const decision = whenToStart(state, rule, now)
  if (isEnding && !wantsFetch && decision.kind === 'start') emit.push('call.completed')
  if (isNew('call.analyzed')) emit.push('call.analyzed')
  const waits = [
    endDueAt(state),
    wantsFetch ? (fetchAt ?? now) : null,
    isEnding && !wantsFetch && decision.kind === 'wait' ? decision.until : null,
  ].filter((time) => time !== null)
  const dueAt = waits.length === 0 ? null : new Date(Math.min(...waits.map(Number)))
  return { emit, dueAt, wantsFetch }
}

/** After so many tries the call is taken as it is known. */
export const fetchTriesMax = 8

/** 2 s, 4 s, … to four minutes: eight tries in about eight minutes. */
export const fetchDelayMs = (tries: number): number => Math.min(240_000, 1_000 * 2 ** tries)
