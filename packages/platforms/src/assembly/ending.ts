// When a call counts as ended, and when its journeys start.
//
// S1. An early sign of the end is given two minutes; then the call is completed from what is known.
// S2. A journey that wants the analysis starts when end and analysis are both in, or without it once
//     it has waited long enough. An analysis may come first.

import type { NeutralEvent, NeutralEventType } from '../neutral.ts'
import { dedupeKey } from '../rules/dedupe.ts'
import { neutralEvent } from '../rules/event.ts'
import { callIdOf, recordOf, type CallState } from './assemble.ts'

export const endWaitMs = 120_000

export type StartRule =
  | { readonly kind: 'at_end' }
  /** With the analysis, or without it `waitMs` after the end. */
  | { readonly kind: 'with_analysis'; readonly waitMs: number }

export type StartDecision =
  /** The call has not ended, as far as anybody knows. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'start'; readonly analyzed: boolean }

/** Whether journeys of a call start now; asked again whenever something is heard, and at `until`. */
export function whenToStart(state: CallState, rule: StartRule, now: Date): StartDecision {
  const endedAt = firstHeard(state, 'call.completed')
  if (endedAt === null) return { kind: 'idle' }
  const analyzed = firstHeard(state, 'call.analyzed') !== null
  if (analyzed || rule.kind === 'at_end') return { kind: 'start', analyzed }
  const until = new Date(endedAt.getTime() + rule.waitMs)
  return now < until ? { kind: 'wait', until } : { kind: 'start', analyzed }
}

/** When a call whose end is near but not reported counts as ended; null when that is not the case. */
export function endDueAt(state: CallState): Date | null {
  if (state.endingAt === null || firstHeard(state, 'call.completed') !== null) return null
  return new Date(Date.parse(state.endingAt) + endWaitMs)
}

/** The end that was never reported, made from what is known; null while it is not due. */
export function assumeEnd(state: CallState, now: Date): NeutralEvent | null {
  const dueAt = endDueAt(state)
  const callId = callIdOf(state)
  if (dueAt === null || callId === null || now < dueAt) return null
  const known = recordOf(state)
  const isOpen = known.status === undefined || known.status === 'in_progress'
  const call = { ...known, status: isOpen ? ('completed' as const) : (known.status ?? 'completed') }
  return neutralEvent(
    state.platform,
    { received_at: now.toISOString() },
    {
      type: 'call.completed',
      callId,
      aliases: state.aliases,
      key: dedupeKey(state.platform, callId, 'assumed-end'),
      call: { ...call, ended_at: known.ended_at ?? state.endingAt },
      runId: typeof state.runId?.value === 'string' ? state.runId.value : null,
      needsHydration: true,
      occurredAt: state.endingAt,
    },
  )
}

function firstHeard(state: CallState, type: NeutralEventType): Date | null {
  const at = state.firstAt[type]
  return at === undefined ? null : new Date(at)
}
