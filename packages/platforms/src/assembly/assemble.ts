// Joins what is heard of one call into one record, whatever the order.
//
//   event, note or fetched record ─▶ facts, each with the standing of its source ─▶ record
//
// M1. The record depends on what was heard, not on when: any order, any repetition, the same record.
// M2. Later knowledge fills gaps: nothing known is undone by somebody who does not know.
// M3. A call that has ended stays ended.
// M4. A partial transcript never replaces a final one.
// M5. Of each event type, one event is the first; every other one only adds to the record.

import type { CallNote } from '../adapter.ts'
import type { NeutralCall, NeutralEvent, NeutralEventType, PlatformId } from '../neutral.ts'
import { callOf, factsOf, type Fact } from './facts.ts'
import { higher, rankOf, type Register, type Registers, type Said } from './register.ts'
import {
  emptyTranscript,
  entriesOf,
  tellUpdate,
  tellWhole,
  type TranscriptState,
} from './transcript.ts'

/** Plain data, to be kept beside the call. */
export interface CallState {
  readonly platform: PlatformId
  readonly callIds: readonly string[]
  readonly aliases: readonly string[]
  readonly runId: Register | null
  readonly facts: Registers
  readonly transcript: TranscriptState
  /** Dedupe keys of what was heard; not of partial turns, of which there are hundreds and one matters. */
  readonly heard: Readonly<Record<string, true>>
  /** When each kind was first heard. */
  readonly firstAt: Readonly<Partial<Record<Heard, string>>>
  /** When the end was first seen to be near. */
  readonly endingAt: string | null
  /** A thin event waits for the call to be fetched. */
  readonly isThin: boolean
  readonly isFetched: boolean
}
type Heard = NeutralEventType | 'note'

export interface Assembled {
  readonly state: CallState
  /** `first` of its type may start something; `more` and `duplicate` may not. */
  readonly kind: 'first' | 'more' | 'duplicate'
}

export const emptyCall = (platform: PlatformId): CallState => ({
  platform,
  callIds: [],
  aliases: [],
  runId: null,
  facts: {},
  transcript: emptyTranscript,
  heard: {},
  firstAt: {},
  endingAt: null,
  isThin: false,
  isFetched: false,
})

export function assembleEvent(before: CallState, event: NeutralEvent): Assembled {
  const { payload, dedupe_key: key, event_type: type, received_at: receivedAt } = event
  if (Object.hasOwn(before.heard, key)) return { state: before, kind: 'duplicate' }
  const isFirst = before.firstAt[type] === undefined
  const isPartial = payload.transcript?.mode === 'append' && !payload.transcript.final
  const said: Said = { source: type, at: event.occurred_at ?? receivedAt, key }
  let state = hear(before, isPartial ? null : key, type, receivedAt)
  state = name(state, payload.call_id, payload.aliases, event.run_id, said)
  if (payload.call !== undefined) state = learn(state, payload.call, said)
  if (payload.transcript !== undefined) {
    state = { ...state, transcript: tellUpdate(state.transcript, payload.transcript, said) }
  }
  // An analysis without an end: the end was lost, or is late.
  if (type === 'call.analyzed') state = { ...state, endingAt: earlier(state.endingAt, receivedAt) }
  if (event.needs_hydration) state = { ...state, isThin: true }
  return { state, kind: isFirst ? 'first' : 'more' }
}

export function assembleNote(before: CallState, note: CallNote): Assembled {
  const { dedupe_key: key, received_at: receivedAt } = note
  if (Object.hasOwn(before.heard, key)) return { state: before, kind: 'duplicate' }
  const said: Said = { source: 'note', at: note.occurred_at ?? receivedAt, key }
  let state = hear(before, key, 'note', receivedAt)
  state = name(state, note.call_id, note.aliases, note.run_id, said)
  // Only a terminal event ends a call: a note says how it would have ended.
  const { status: _, ...call } = note.call
  state = learn(state, call, said)
  if (note.ends) state = { ...state, endingAt: earlier(state.endingAt, receivedAt) }
  return { state, kind: 'more' }
}

/** The call as the platform's own record shows it. */
export function assembleFetched(
  before: CallState,
  fetched: { readonly call: NeutralCall; readonly runId: string | null; readonly at: string },
): CallState {
  const said: Said = { source: 'fetched', at: fetched.at, key: '' }
  const state = { ...before, isFetched: true, runId: runOf(before, fetched.runId, said) }
  return learn(state, fetched.call, said)
}

export const needsFetching = ({ isThin, isFetched }: CallState): boolean => isThin && !isFetched

/** The id that is never another's alias; of several, the same one always. */
export function callIdOf({ callIds, aliases }: CallState): string | null {
  const [first = null] = [...callIds.filter((id) => !aliases.includes(id)), ...callIds]
  return first
}

/** The record as it stands. */
export function recordOf({ facts, transcript }: CallState): NeutralCall {
  const known = Object.entries(facts).map(([path, { value }]): Fact => [path, value])
  const transcripts = entriesOf(transcript)
  const call = callOf(known.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return transcripts.length === 0 ? call : { ...call, transcripts }
}

function learn(state: CallState, call: NeutralCall, said: Said): CallState {
  const facts: Record<string, Register> = { ...state.facts }
  for (const [path, value] of factsOf(call)) {
    // What is not known never outranks what is; an end outranks everything but another end.
    const weight = value === null ? '0' : path === 'status' && value !== 'in_progress' ? '2' : '1'
    facts[path] = higher(facts[path] ?? null, { value, rank: rankOf(said, weight) })
  }
  const { transcripts } = call
  if (transcripts === undefined) return { ...state, facts }
  const final = said.source !== 'call.started' && said.source !== 'call.transcript_update'
  return { ...state, facts, transcript: tellWhole(state.transcript, transcripts, final, said) }
}

const hear = (
  state: CallState,
  key: string | null,
  type: Heard,
  receivedAt: string,
): CallState => ({
  ...state,
  heard: key === null ? state.heard : { ...state.heard, [key]: true },
  firstAt: { ...state.firstAt, [type]: earlier(state.firstAt[type] ?? null, receivedAt) },
})

const name = (
  state: CallState,
  callId: string,
  aliases: readonly string[],
  runId: string | null,
  said: Said,
): CallState => ({
  ...state,
  callIds: union(state.callIds, [callId]),
  aliases: union(state.aliases, aliases),
  runId: runOf(state, runId, said),
})

const runOf = (state: CallState, runId: string | null, said: Said): Register | null =>
  runId === null ? state.runId : higher(state.runId, { value: runId, rank: rankOf(said) })

const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
  [...new Set([...a, ...b])].toSorted()

const earlier = (a: string | null, b: string): string => (a === null || b < a ? b : a)
