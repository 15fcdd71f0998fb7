// Who spoke how much, how long nobody did, and who cut whom short.
//
// M1. Shares lie between 0 and 1, parts never exceed the whole, and every figure is finite.
// M2. What tools did, and the moment at which the call took place, change nothing.

import type { Json } from '@bookend/contract'
import { round } from './answer.ts'
import {
  spokenBy,
  type Speaker,
  type TimedUtterance,
  type Utterance,
  type WhoSpeaks,
} from './utterances.ts'

type Figures = Readonly<Record<string, Json>>

/** By words: how long somebody spoke is not told by a transcript. */
export function talkRatio(utterances: readonly Utterance[]): Figures {
  const agentWords = sum(spokenBy(utterances, 'agent').map(({ words }) => words))
  const userWords = sum(spokenBy(utterances, 'user').map(({ words }) => words))
  const all = agentWords + userWords
  const agent = all === 0 ? 0 : round(agentWords / all, 3)
  const user = all === 0 ? 0 : round(1 - agent, 3)
  return { agent, user, agent_words: agentWords, user_words: userWords }
}

/** The longest that one side went on without the other; `seconds` is null without times. */
export function longestMonologue(utterances: readonly Utterance[], speaker: WhoSpeaks): Figures {
  const turns = spokenBy(turnsOf(utterances), speaker)
  const longest = turns.reduce<Utterance | null>(
    (best, turn) => (best === null || turn.words > best.words ? turn : best),
    null,
  )
  if (longest === null) return { speaker: null, words: 0, seconds: null, sequence: null }
  const { startMs, endMs, words, sequence } = longest
  const seconds = startMs === null || endMs === null ? null : seconds1(Math.max(0, endMs - startMs))
  return { speaker: longest.speaker, words, seconds, sequence }
}

/** Between the first word and the last; a pause is a silence from `longerThanMs` on. */
export function silence(utterances: readonly TimedUtterance[], longerThanMs: number): Figures {
  const gaps = gapsOf(utterances)
  const pauses = gaps.filter((gapMs) => gapMs >= longerThanMs)
  const totalMs = sum(pauses)
  const spanMs = Math.max(...utterances.map(({ endMs }) => endMs)) - (utterances[0]?.startMs ?? 0)
  return {
    count: pauses.length,
    longest_s: seconds1(Math.max(0, ...gaps)),
    total_s: seconds1(totalMs),
    share: spanMs > 0 ? round(Math.min(1, totalMs / spanMs), 3) : 0,
  }
}

/** A fast speaker may be done so early; what begins before that, and half a second, cuts in. */
const FAST_WORD_MS = 300
const TOLERANCE_MS = 500

export function interruptions(utterances: readonly TimedUtterance[]): Figures {
  const by = { agent: 0, user: 0 }
  const talking: Record<Speaker, number> = { agent: -1, user: -1 }
  for (const { speaker, startMs, words } of utterances) {
    const other = speaker === 'agent' ? 'user' : 'agent'
    if (talking[other] > startMs) {
      by[speaker] += 1
      // Who was cut short is no longer talking: one interruption, not one for each word after it.
      talking[other] = startMs
    }
    talking[speaker] = startMs + words * FAST_WORD_MS - TOLERANCE_MS
  }
  return { total: by.agent + by.user, by_agent: by.agent, by_user: by.user }
}

/** How long each side let the other wait for an answer; null for one that never answered. */
export function responseLatency(utterances: readonly TimedUtterance[]): Figures {
  const waits: Record<Speaker, number[]> = { agent: [], user: [] }
  utterances.forEach((utterance, index) => {
    const before = utterances[index - 1]
    if (before === undefined || before.speaker === utterance.speaker) return
    waits[utterance.speaker].push(Math.max(0, utterance.startMs - before.endMs))
  })
  return {
    agent_average_s: average(waits.agent),
    agent_longest_s: waits.agent.length === 0 ? null : seconds1(Math.max(...waits.agent)),
    user_average_s: average(waits.user),
    user_longest_s: waits.user.length === 0 ? null : seconds1(Math.max(...waits.user)),
  }
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
const seconds1 = (ms: number): number => round(ms / 1_000, 1)
const average = (waits: readonly number[]): number | null =>
  waits.length === 0 ? null : seconds1(sum(waits) / waits.length)

/** What one side says until the other speaks is one turn, from its first word to its last. */
function turnsOf(utterances: readonly Utterance[]): readonly Utterance[] {
  const turns: Utterance[] = []
  for (const utterance of utterances) {
    const last = turns.at(-1)
    if (last === undefined || last.speaker !== utterance.speaker) {
      turns.push(utterance)
      continue
    }
    turns[turns.length - 1] = {
      ...last,
      words: last.words + utterance.words,
      endMs: last.endMs === null ? null : utterance.endMs,
    }
  }
  return turns
}

function gapsOf(utterances: readonly TimedUtterance[]): readonly number[] {
  const gaps: number[] = []
  let quietFromMs: number | null = null
  for (const { startMs, endMs } of utterances) {
    if (quietFromMs !== null && startMs > quietFromMs) gaps.push(startMs - quietFromMs)
    quietFromMs = Math.max(quietFromMs ?? 0, endMs)
  }
  return gaps
}
