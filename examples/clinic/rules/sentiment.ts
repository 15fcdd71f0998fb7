// How the caller felt, from −1 to 1.
//
// An analysis that came with the call is believed. Without one, a count of plain words in the
// caller's own lines decides: crude and predictable, and recorded as what it is.

import type { JourneyCall } from '@bookend/sdk'
import { callerLines } from './caller-lines.ts'

export interface Sentiment {
  readonly score: number
  readonly source: 'analysis' | 'words'
}

const NAMED: Readonly<Record<string, number>> = {
  angry: -1,
  upset: -0.8,
  frustrated: -0.7,
  negative: -0.6,
  neutral: 0,
  positive: 0.6,
  happy: 0.8,
}

const BAD =
  /\b(angry|awful|terrible|unacceptable|ridiculous|upset|complain(t|ing)?|rude|worst|furious|fed up|third time|nobody (called|calls)|still waiting)\b/gi
const GOOD = /\b(thanks?|thank you|great|perfect|lovely|wonderful|appreciate|helpful)\b/gi

const UPSET_BELOW = -0.4

export const isUpset = ({ score }: Sentiment): boolean => score < UPSET_BELOW

export function sentimentOf(call: Pick<JourneyCall, 'analysis' | 'transcripts'>): Sentiment {
  const told = scoreOf(call.analysis['sentiment'])
  if (told !== null) return { score: told, source: 'analysis' }
  const said = callerLines(call).join('\n')
  const bad = said.match(BAD)?.length ?? 0
  const good = said.match(GOOD)?.length ?? 0
  // One word alone never makes a caller upset; the two added are the doubt.
  const score = Math.round(((good - bad) / (good + bad + 2)) * 100) / 100
  return { score, source: 'words' }
}

/** A number, or text that is a number or a known word; null for anything else. */
function scoreOf(told: unknown): number | null {
  if (typeof told === 'number') return Math.max(-1, Math.min(1, told))
  if (typeof told !== 'string' || told.trim() === '') return null
  const word = told.trim().toLowerCase()
  const number = Number(word)
  return Number.isFinite(number) ? scoreOf(number) : (NAMED[word] ?? null)
}
