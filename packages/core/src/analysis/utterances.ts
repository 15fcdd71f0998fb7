// What the two sides of a call said, placed in time as well as a transcript allows.
//
//   transcript entries ─▶ spoken ones, by sequence ─▶ words counted ─▶ start, estimated end
//
// U1. A transcript tells when somebody began, never when they stopped: ends are estimated from the
//     number of words, and never lie beyond the call's end.
// U2. A time that cannot be is no time; without times, what needs them is not measured.

import type { Call } from '@bookend/contract'

export type Speaker = 'agent' | 'user'
export type WhoSpeaks = Speaker | 'any'

export interface Utterance {
  readonly speaker: Speaker
  readonly sequence: number
  readonly text: string
  readonly words: number
  /** Milliseconds from the call's beginning; null where the transcript does not say. */
  readonly startMs: number | null
  readonly endMs: number | null
}

/** One that has its place in time. */
export interface TimedUtterance extends Utterance {
  readonly startMs: number
  readonly endMs: number
}

export type SpokenCall = Pick<
  Call,
  'transcripts' | 'started_at' | 'created_at' | 'ended_at' | 'duration'
>

/** 150 words a minute, the pace of plain speech on a telephone. */
const WORD_MS = 400
const SHORTEST_MS = 300
/** Clocks of a platform and of ours differ; what is further off is no time of this call. */
const STRAY_MS = 60_000

export function utterancesOf(call: SpokenCall): readonly Utterance[] {
  const beganAt = Date.parse(call.started_at ?? call.created_at)
  const lastsMs = lengthOf(call, beganAt)
  return call.transcripts
    .filter(({ role, text }) => (role === 'agent' || role === 'user') && text.trim() !== '')
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ role, sequence, text, timestamp }) => {
      const words = wordsOf(text).length
      const startMs = timestamp === null ? null : place(Date.parse(timestamp) - beganAt, lastsMs)
      const spokenMs = Math.max(SHORTEST_MS, words * WORD_MS)
      const endMs = startMs === null ? null : Math.min(startMs + spokenMs, lastsMs)
      return { speaker: role as Speaker, sequence, text, words, startMs, endMs }
    })
}

/** In the order in which they began; null when any of them has no time. */
export function timed(utterances: readonly Utterance[]): readonly TimedUtterance[] | null {
  if (utterances.length === 0 || !utterances.every(isTimed)) return null
  return utterances.toSorted((a, b) => a.startMs - b.startMs || a.sequence - b.sequence)
}

const isTimed = (utterance: Utterance): utterance is TimedUtterance =>
  utterance.startMs !== null && utterance.endMs !== null

export const spokenBy = (
  utterances: readonly Utterance[],
  speaker: WhoSpeaks,
): readonly Utterance[] =>
  speaker === 'any' ? utterances : utterances.filter((one) => one.speaker === speaker)

/** Infinity while nobody knows when it ended. */
function lengthOf({ ended_at: endedAt, duration }: SpokenCall, beganAt: number): number {
  if (endedAt !== null) return Math.max(0, Date.parse(endedAt) - beganAt)
  return duration === null ? Number.POSITIVE_INFINITY : duration * 1_000
}

function place(offsetMs: number, lastsMs: number): number | null {
  const isOfThisCall = offsetMs >= -STRAY_MS && offsetMs <= lastsMs + STRAY_MS
  return isOfThisCall ? Math.min(Math.max(offsetMs, 0), lastsMs) : null
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

/** In lower case and one form, in languages without spaces as well. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLowerCase())) {
    if (isWordLike === true) words.push(segment)
  }
  return words
}
